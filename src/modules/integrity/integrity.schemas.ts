import { bool, describe, id, instantView, int, json, list, named, record, shape, text } from '../../http/fields/fields';

const count = int(0, 2 ** 31 - 1);

const finding = named(
  'IntegrityFinding',
  shape({
    id: describe(text(40), 'The rule the invariant belongs to'),
    description: text(500),
    examined: describe(count, 'Things looked at'),
    violations: count,
    examples: describe(list(record(/^[A-Za-z0-9_]+$/, json(), { max: 30 }), { max: 5 }), 'Up to five violations'),
  }),
);

export const integrityReport = named(
  'IntegrityReport',
  shape({
    organization: shape({ id: id(), name: text(200) }),
    checkedAt: instantView(),
    healthy: describe(bool(), 'No invariant is violated'),
    invariants: list(finding, { max: 200 }),
  }),
);
