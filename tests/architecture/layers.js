/*
 * The layers of the house as rules on who imports whom, for dependency-cruiser. Imports of types count too: what a layer may not use it
 * should not know the shape of. `tests/architecture/layers.test.ts` runs them over src/ and over a small tree that breaks each one.
 */
'use strict';

const anyModule = '^src/modules/[^/]+/';
/** What of another module may be seen: its face, its services (as types), its pure rules and its refusals. */
const face = '[.](module|service|errors)[.]ts$|/domain/';

/** Who may hold the hot lane: read models, the faces that pass it on, and the few commands that are worth it. */
const hotLaneHolders = [
  '^src/(db/|container[.]ts$)',
  `${anyModule}[^/]+[.](queries|module)[.]ts$`,
  '^src/modules/orders/(number-blocks|orders[.]repository|placement[.]repository|placement[.]service)[.]ts$',
];

/** Who writes SQL or calls Prisma. */
const databaseUsers = [
  '^src/(db|generated)/',
  '^src/events/event-store[.]ts$',
  '^src/.*[.](repository|queries)[.]ts$',
  // Order numbers are taken from the database in blocks.
  '^src/modules/orders/number-blocks[.]ts$',
  // Each invariant is a query.
  '^src/modules/integrity/',
];

/** @type {import('dependency-cruiser').IConfiguration} */
module.exports = {
  forbidden: [
    { name: 'no-cycles', severity: 'error', from: { pathNot: '^src/generated/' }, to: { circular: true } },
    { name: 'no-unknown-imports', severity: 'error', from: { pathNot: '^src/generated/' }, to: { couldNotResolve: true } },
    {
      name: 'kernel-stands-alone',
      severity: 'error',
      from: { path: '^src/kernel/' },
      to: { path: '^(src/(?!kernel/)|node_modules/(?!(decimal[.]js|uuidv7)/))' },
    },
    {
      name: 'domain-is-pure',
      severity: 'error',
      from: { path: `${anyModule}domain/` },
      to: { path: '^(src/(?!kernel/|modules/[^/]+/domain/)|node_modules/(?!(decimal[.]js|luxon|@types)/))' },
    },
    {
      name: 'domain-touches-no-machine',
      severity: 'error',
      from: { path: [`${anyModule}domain/`, '^src/kernel/'] },
      to: { path: '^(fs|net|http|https|child_process|dgram|os|process|worker_threads)(/|$)' },
    },
    {
      name: 'http-knows-no-business',
      severity: 'error',
      from: { path: '^src/http/' },
      to: { path: '^src/(?!(http|kernel)/)' },
    },
    {
      name: 'middleware-knows-no-module',
      severity: 'error',
      // src/system: routes outside the API, such as /health and /api/docs.
      from: { path: '^src/(middleware|system)/' },
      to: { path: '^src/(?!(http|middleware|system|kernel|observability)/)' },
    },
    {
      name: 'controllers-go-through-services',
      severity: 'error',
      from: { path: '[.](controller|routes|schemas)[.]ts$' },
      to: { path: '[.]repository[.]ts$|^src/db/(?!versioned-json)|^src/events/' },
    },
    {
      name: 'services-know-no-web',
      severity: 'error',
      from: { path: '[.](service|repository|queries|events)[.]ts$' },
      to: { path: '[.](controller|routes)[.]ts$|^src/middleware/|^src/http/|^node_modules/(@types/)?express/' },
    },
    {
      name: 'prisma-in-repositories-only',
      severity: 'error',
      from: { path: '^src/', pathNot: databaseUsers },
      to: { path: '^(src/generated/|node_modules/(@prisma|@types/pg|pg|prisma)/)' },
    },
    {
      name: 'hot-lane-is-for-the-few',
      severity: 'error',
      from: { path: '^src/', pathNot: hotLaneHolders },
      to: { path: '^src/db/hot-lane[.]ts$' },
    },
    {
      name: 'modules-meet-at-their-faces',
      severity: 'error',
      // Dashboard and integrity read everywhere, and the importer writes what it has read from elsewhere.
      from: { path: '^src/modules/([^/]+)/', pathNot: '^src/modules/(dashboard|integrity|import)/' },
      to: { path: '^src/modules/', pathNot: ['^src/modules/$1/', face] },
    },
    {
      name: 'the-rest-meets-modules-at-their-faces',
      severity: 'error',
      from: { path: '^src/(?!modules/)' },
      to: { path: '^src/modules/', pathNot: face },
    },
    {
      name: 'the-house-does-not-know-its-rooms',
      severity: 'error',
      // The program behind `npm run db` is called by nobody, and configured as the server is.
      from: { path: '^src/(db|events|kernel)/', pathNot: '^src/db/migrate/dev[.]ts$' },
      to: { path: '^src/(modules|http|middleware|jobs|cli|seed|system|config|description|observability|process)/|^src/[^/]+[.]ts$' },
    },
    {
      name: 'express-at-the-edge-only',
      severity: 'error',
      from: { path: '^src/', pathNot: '^src/(http|middleware|system)/|^src/(app|container)[.]ts$' },
      to: { path: '^node_modules/(@types/)?(express|express-serve-static-core)/' },
    },
  ],
  options: {
    // TypeScript 7 has no JavaScript API to parse with.
    parser: 'swc',
    tsPreCompilationDeps: true,
    doNotFollow: { path: '^node_modules/|^src/generated/' },
    enhancedResolveOptions: { extensions: ['.ts', '.js', '.json', '.d.ts'] },
  },
};
