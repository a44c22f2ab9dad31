import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { connect } from '../../src/db/client';
import { deploy, status } from '../../src/db/migrate/runner';
import { APP_ROLE, DATABASE, OWNER_ROLE } from '../../src/db/roles';
import { UnitOfWork } from '../../src/db/unit-of-work';
import { systemClock } from '../../src/kernel/clock';
import { complaints, integrityCheck } from '../../src/modules/integrity/integrity.module';
import { healthyData } from '../integrity/healthy-data';
import { queryOnce } from '../support/database';
import { startSystemServer, systemPostgres, type SystemServer } from '../support/system-postgres';

/** D-6: what docs/DEPLOYMENT.md tells to do, with the programs of a PostgreSQL that is installed here. */
const installed = systemPostgres();
const INIT = path.resolve(__dirname, '../../docker/postgres/init.sql');

const withPrograms = 'folder' in installed ? it : it.skip;
const why = 'missing' in installed ? ` (skipped: ${installed.missing})` : '';

withPrograms(
  `a dump is restored on an empty server, and every invariant holds${why}`,
  async () => {
    const { folder } = installed as { folder: string };
    const scratch = await mkdtemp(path.join(os.tmpdir(), 'quartermaster-dump-'));
    const servers = await Promise.all([prepared(folder), prepared(folder)]);
    const [before, after] = servers;
    try {
      await deploy({ url: addressOf(before, OWNER_ROLE) });
      await queryOnce(addressOf(before, 'postgres'), healthyData());
      const dump = path.join(scratch, 'quartermaster.dump');
      await before.run('pg_dump', ['-Fc', '-f', dump, DATABASE]);
      await after.run('pg_restore', ['-d', DATABASE, '--exit-on-error', dump]);

      expect((await status({ url: addressOf(after, OWNER_ROLE) })).pending).toEqual([]);
      const client = connect(addressOf(after, APP_ROLE), 2);
      const report = await integrityCheck({ unitOfWork: new UnitOfWork(client.prisma, () => undefined), clock: systemClock });
      await client.close();
      expect(complaints(report)).toEqual([]);
      expect(report.organizations).toHaveLength(1);
      // The same to the last function, policy, grant and row.
      const [original, restored] = await Promise.all(servers.map((server) => server.run('pg_dump', [DATABASE])));
      expect(comparable(restored!)).toBe(comparable(original!));
    } finally {
      await Promise.all(servers.map((server) => server.stop()));
      await rm(scratch, { recursive: true, force: true });
    }
  },
  60_000,
);

/** An empty server, prepared as the document says. */
async function prepared(folder: string): Promise<SystemServer> {
  const server = await startSystemServer(folder);
  await server.run('psql', ['-q', '-f', INIT], { OWNER_PASSWORD: 'owner', APP_PASSWORD: 'app' });
  return server;
}

const addressOf = ({ port }: SystemServer, login: string): string => `postgresql://${login}@127.0.0.1:${port}/${DATABASE}`;

/** Newer programs write a random key into each dump; and of nested conditions, read once more, parentheses are fewer. */
const comparable = (dump: string): string => dump.replace(/^\\(un)?restrict .*$/gm, '').replace(/[()]/g, '');
