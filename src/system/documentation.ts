/** The API's description for people and programs. Every page is served from here alone: no script or font of another host. */
import path from 'node:path';
import express, { Router, type Request, type RequestHandler } from 'express';
import swaggerUi from 'swagger-ui-express';
import type { JsonSchema } from '../http/fields/field';
import { compressAlways } from '../middleware/compression';
import { docsSecurityHeaders } from '../middleware/security-headers';
import { systemRoute } from './system-route';

/** Put there by the build, see scripts/build.js. */
const REDOC = path.join(__dirname, '..', 'generated', 'redoc');

/** What its page names, and the licences its scripts point to. The rest of the package is of no use to a reader. */
const SWAGGER_UI = [
  'swagger-ui.css',
  'swagger-ui-bundle.js',
  'swagger-ui-bundle.js.LICENSE.txt',
  'swagger-ui-standalone-preset.js',
  'swagger-ui-standalone-preset.js.LICENSE.txt',
  'swagger-ui-init.js',
  'favicon-16x16.png',
  'favicon-32x32.png',
];
const REDOC_FILES = ['redoc.standalone.js', 'redoc.standalone.js.LICENSE.txt', 'LICENSE'];

const redocPage = (title: string): string => `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title}</title>
<link rel="icon" href="data:,">
<style>body { margin: 0 }</style>
</head>
<body>
<redoc spec-url="/api/openapi.json"></redoc>
<script src="/api/redoc/redoc.standalone.js"></script>
</body>
</html>
`;

export interface Documents {
  readonly openapi: JsonSchema;
  /** For Postman; its environment names the API where the client reached it. */
  readonly collection: JsonSchema;
  readonly environmentAt: (baseUrl: string) => JsonSchema;
}

export function documentationRoutes({ openapi, collection, environmentAt }: Documents): Router {
  const router = Router();
  const { title } = openapi['info'] as { title: string };

  const json = (route: string, document: (req: Request) => JsonSchema): void => {
    router.all(route, systemRoute(route), compressAlways, (req, res) => void res.json(document(req)));
  };
  json('/api/openapi.json', () => openapi);
  json('/api/postman.json', () => collection);
  json('/api/postman-environment.json', ({ protocol, headers }) => environmentAt(`${protocol}://${headers.host ?? 'localhost'}/api/v1`));

  /** A page and its files. Whatever else is asked for below it is not found, as it is anywhere. */
  const page = (route: string, files: readonly string[], ...handlers: RequestHandler[]): void => {
    const paths = new Set(['/', ...files.map((file) => `/${file}`)]);
    const isKnown: RequestHandler = (req, _res, next) => next(paths.has(req.path) ? undefined : 'router');
    router.use(route, isKnown, systemRoute(route), docsSecurityHeaders, compressAlways, ...handlers);
  };
  page('/api/docs', SWAGGER_UI, ...swaggerUi.serve, swaggerUi.setup(openapi));
  page('/api/redoc', REDOC_FILES, express.static(REDOC, { index: false, redirect: false }), (_req, res) => {
    res.type('html').send(redocPage(title));
  });
  return router;
}
