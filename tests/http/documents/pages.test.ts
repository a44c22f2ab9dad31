/** The pages about the API, and nothing else of the packages they come from. */
import request from 'supertest';
import { testApp } from '../support';
import { things } from '../things';

const { app } = testApp(things().endpoints);

/** Every file the page names, as the browser finds it. */
async function assetsOf(page: string): Promise<string[]> {
  const { text } = await request(app).get(page).expect(200);
  return [...text.matchAll(/(?:src|href)="([^"]+)"/g)]
    .map(([, name]) => name!)
    .filter((name) => !name.startsWith('data:'))
    .map((name) => new URL(name, `http://host${page}`).pathname);
}

test.each([
  ['/api/docs/', 5],
  ['/api/redoc', 1],
])('%s has all that it names', async (page, fewest) => {
  const assets = await assetsOf(page);
  expect(assets.length).toBeGreaterThanOrEqual(fewest);
  for (const asset of assets) {
    const { headers } = await request(app).get(asset).expect(200);
    expect([asset, headers['content-type']]).toEqual([asset, expect.not.stringContaining('html')]);
  }
});

test('a script of the documentation comes with its licence', async () => {
  for (const script of ['/api/docs/swagger-ui-bundle.js', '/api/docs/swagger-ui-standalone-preset.js', '/api/redoc/redoc.standalone.js'])
    await request(app)
      .get(`${script}.LICENSE.txt`)
      .expect(200)
      .expect('Content-Type', /text\/plain/);
});

test('without the slash at its end the page sends to the address its files are relative to', async () => {
  const { headers } = await request(app).get('/api/docs').expect(301);
  expect(headers['location']).toBe('/api/docs/');
});

test.each([
  '/api/docs/package.json',
  '/api/docs/anything',
  '/api/docs/%c0',
  '/api/docs/index.html',
  '/api/docs/README.md',
  '/api/docs/absolute-path.js',
  '/api/docs/swagger-ui.js',
  '/api/docs/deeper/swagger-ui-init.js',
  '/api/docs//evil.com/%2e%2e',
  '/api/docs//',
  '/api/redoc/index.html',
  '/api/redoc/%c0',
  '/api/redoc//evil.com/%2e%2e',
])('%s is not found, as any other path', async (path) => {
  const { body, headers } = await request(app).get(path).expect(404);
  expect(body.error).toEqual({ code: 'NOT_FOUND', message: `Nothing is found at ${path}`, requestId: headers['x-request-id'] });
  expect(headers['content-security-policy']).toBe("default-src 'none';frame-ancestors 'none'");
});
