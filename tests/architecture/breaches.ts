/** Small sources each of which breaks one rule of layers.js: by rule, the file that breaks it and what it imports. */
export interface Breach {
  readonly file: string;
  readonly imports: string;
  /** What the import leads to, as dependency-cruiser names it; the import itself can't be found when left out. */
  readonly target?: string;
  readonly source?: string;
}

const inModule = (file: string): string => `src/modules/shop/${file}`;

export const BREACHES: Readonly<Record<string, readonly Breach[]>> = {
  'no-cycles': [
    { file: inModule('domain/egg.ts'), imports: './hen', target: inModule('domain/hen.ts'), source: "import type { Egg } from './egg';" },
  ],
  'no-unknown-imports': [{ file: inModule('shop.module.ts'), imports: './nowhere' }],
  'kernel-stands-alone': [
    { file: 'src/kernel/money.ts', imports: '../db/client', target: 'src/db/client.ts' },
    { file: 'src/kernel/ids.ts', imports: 'luxon', target: 'node_modules/luxon/index.js' },
  ],
  'domain-is-pure': [
    { file: inModule('domain/price.ts'), imports: '../shop.repository', target: inModule('shop.repository.ts') },
    { file: inModule('domain/clock.ts'), imports: '../../../events/event', target: 'src/events/event.ts' },
    { file: inModule('domain/row.ts'), imports: 'pg', target: 'node_modules/pg/index.js' },
  ],
  'domain-touches-no-machine': [{ file: inModule('domain/file.ts'), imports: 'node:fs', target: 'fs' }],
  'http-knows-no-business': [
    { file: 'src/http/router.ts', imports: '../modules/shop/shop.service', target: inModule('shop.service.ts') },
    { file: 'src/http/documents/page.ts', imports: '../../middleware/headers', target: 'src/middleware/headers.ts' },
  ],
  'middleware-knows-no-module': [
    { file: 'src/middleware/limit.ts', imports: '../db/client', target: 'src/db/client.ts' },
    { file: 'src/system/health.ts', imports: '../db/ping', target: 'src/db/ping.ts' },
  ],
  'controllers-go-through-services': [
    { file: inModule('shop.controller.ts'), imports: './shop.repository', target: inModule('shop.repository.ts') },
    { file: inModule('shop.routes.ts'), imports: '../../db/client', target: 'src/db/client.ts' },
  ],
  'services-know-no-web': [
    { file: inModule('web.service.ts'), imports: '../../http/endpoint', target: 'src/http/endpoint.ts' },
    { file: inModule('web.repository.ts'), imports: './other.controller', target: inModule('other.controller.ts') },
  ],
  'prisma-in-repositories-only': [
    { file: inModule('shop.service.ts'), imports: '../../generated/prisma/client', target: 'src/generated/prisma/client.ts' },
    { file: 'src/jobs/nightly.ts', imports: 'pg', target: 'node_modules/pg/index.js' },
  ],
  'hot-lane-is-for-the-few': [
    { file: inModule('cold.service.ts'), imports: '../../db/hot-lane', target: 'src/db/hot-lane.ts' },
    { file: inModule('cold.repository.ts'), imports: '../../db/hot-lane', target: 'src/db/hot-lane.ts' },
  ],
  'modules-meet-at-their-faces': [
    { file: inModule('stall.service.ts'), imports: '../stall/stall.repository', target: 'src/modules/stall/stall.repository.ts' },
    { file: inModule('stall.repository.ts'), imports: '../stall/stall.queries', target: 'src/modules/stall/stall.queries.ts' },
  ],
  'the-rest-meets-modules-at-their-faces': [
    { file: 'src/cli/shop.ts', imports: '../modules/shop/shop.repository', target: inModule('shop.repository.ts') },
  ],
  'the-house-does-not-know-its-rooms': [
    { file: 'src/db/unit-of-work.ts', imports: '../modules/shop/shop.errors', target: inModule('shop.errors.ts') },
    { file: 'src/events/event-store.ts', imports: '../http/endpoint', target: 'src/http/endpoint.ts' },
  ],
  'express-at-the-edge-only': [{ file: inModule('express.service.ts'), imports: 'express', target: 'node_modules/express/index.js' }],
};

/** The same for the rules on the text of sources: by rule, a file and the line in it. */
export const TEXT_BREACHES: Readonly<Record<string, readonly [file: string, line: string]>> = {
  'only the configuration reads the environment': ['src/modules/shop/shop.service.ts', 'const port = process.env.PORT;'],
  'only the unit of work holds the Prisma client': [
    'src/modules/shop/shop.repository.ts',
    'constructor(private readonly prisma: PrismaClient) {}',
  ],
  'no SQL is put together from text': ['src/modules/shop/shop.repository.ts', 'await client.$queryRawUnsafe(`SELECT ${name}`);'],
  'time comes from the clock': ['src/modules/shop/shop.service.ts', 'const now = new Date();'],
  'hot commands are few': ['src/modules/shop/shop.queries.ts', 'return this.lane.run(work);'],
  'parts are put together in a module file': ['src/modules/shop/shop.service.ts', 'const queries = new ShopQueries(lane);'],
  'no file only passes on others': ['src/modules/shop/index.ts', "export * from './shop.service';"],
};
