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

  const page = (route: string, ...handlers: RequestHandler[]): void => {
    router.use(route, systemRoute(route), docsSecurityHeaders, compressAlways, ...handlers);
  };
  page('/api/docs', ...swaggerUi.serve, swaggerUi.setup(openapi));
  page('/api/redoc', express.static(REDOC, { index: false, redirect: false }), (req, res, next) => {
    if (req.path === '/') res.type('html').send(redocPage(title));
    else next();
  });
  return router;
}
