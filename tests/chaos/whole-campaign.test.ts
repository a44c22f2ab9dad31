import { randomInt } from 'node:crypto';
import { runCampaign } from '../hostile/campaign';
import { startTestApp, type TestApp } from '../support/app';

/**
 * I-1, I-2: 200 generated and all hostile inputs for every operation of the route table. A failure is replayed with the printed seed:
 * HOSTILE_SEED=… HOSTILE_ONLY='POST /orders' npm run test:chaos -- whole-campaign
 */
const seed = Number(process.env['HOSTILE_SEED'] ?? randomInt(2 ** 31));
const only = process.env['HOSTILE_ONLY'];

let app: TestApp;
beforeAll(async () => {
  app = await startTestApp();
});
afterAll(() => app.close());

test(`I-1, I-2: whatever is sent is answered in time, refused in one shape or taken exactly (HOSTILE_SEED=${seed})`, async () => {
  const { findings, ...report } = await runCampaign({
    app,
    seed,
    generated: 200,
    hostile: Infinity,
    organizationEvery: 1,
    ...(only !== undefined && { only: new RegExp(`^${only}$`) }),
  });
  process.stdout.write(`${JSON.stringify({ seed, ...report, findings: findings.length }, null, 1)}\n`);
  // One of each kind is enough to see what is wrong.
  const kinds = new Map(findings.map(({ kind, text }) => [kind, text]));
  expect([...kinds.values()]).toEqual([]);
}, 1_800_000);
