import { startTestApp, type TestApp } from '../support/app';
import { runCampaign } from './campaign';

/**
 * I-1, I-2: a few inputs an operation, always the same ones. All of them are sent by `npm run test:chaos` (tests/chaos/whole-campaign).
 */
let app: TestApp;
beforeAll(async () => {
  app = await startTestApp();
});
afterAll(() => app.close());

test('I-1, I-2: whatever is sent is answered in time, refused in one shape or taken exactly, and tells nothing of the inside', async () => {
  const report = await runCampaign({ app, seed: 20261126, generated: 7, hostile: 8, organizationEvery: 40 });
  expect(report.findings.map(({ text }) => text)).toEqual([]);
}, 120_000);
