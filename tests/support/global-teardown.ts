import './cluster';

export default async function tearDown(): Promise<void> {
  await globalThis.quartermasterTestServer?.done();
}
