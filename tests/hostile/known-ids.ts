import type { TestApp } from '../support/app';

/**
 * Ids of what an organization has, by the name of a field that would refer to it: `productId` takes those of products, `parentId` any. Read
 * from the catalogue, so that a new table's ids are known.
 */
export async function knownIds(app: TestApp, organizationId: string): Promise<(field: string) => readonly string[]> {
  const tables = await app.sql<{ name: string }>(`
    SELECT c.relname AS name FROM pg_class c
    WHERE c.relnamespace = 'public'::regnamespace AND c.relkind = 'r' AND 2 = (SELECT count(*) FROM pg_attribute a
      WHERE a.attrelid = c.oid AND a.attname IN ('organization_id', 'id') AND a.atttypid = 'uuid'::regtype AND NOT a.attisdropped)
    ORDER BY c.relname`);
  const someOf = ({ name }: { name: string }): string =>
    `(SELECT '${name}' AS name, id::text FROM "${name}" WHERE organization_id = $1 ORDER BY id DESC LIMIT 4)
     UNION (SELECT '${name}', id::text FROM "${name}" WHERE organization_id = $1 ORDER BY id LIMIT 2)`;
  const rows = await app.sql<{ name: string; id: string }>(tables.map(someOf).join(' UNION '), [organizationId]);
  const byTable = new Map<string, string[]>();
  for (const { name, id } of rows.toSorted((a, b) => (a.id < b.id ? -1 : 1))) byTable.set(name, [...(byTable.get(name) ?? []), id]);
  const all = [...byTable].flatMap(([name, ids]) => (name === 'events' ? [] : ids.slice(0, 2)));
  const cache = new Map<string, readonly string[]>();
  return (field) => {
    let ids = cache.get(field);
    if (ids === undefined) cache.set(field, (ids = idsNamed(field, byTable) ?? all));
    return ids;
  };
}

/** `taxRateId` and `allowedUnitIds` name the tables tax_rates and units: the longest table name's stem that ends the field's. */
function idsNamed(field: string, byTable: ReadonlyMap<string, readonly string[]>): readonly string[] | undefined {
  const words = field.replace(/Ids?$/, '').replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
  const stems = [...byTable.keys()]
    .map((table) => ({ table, stem: table.replace(/ies$/, 'y').replace(/s$/, '') }))
    .filter(({ stem }) => words === stem || words.endsWith(`_${stem}`) || stem.endsWith(`_${words}`))
    .sort((a, b) => b.stem.length - a.stem.length);
  const [found] = stems;
  return found === undefined ? undefined : byTable.get(found.table);
}
