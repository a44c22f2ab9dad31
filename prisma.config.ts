import { defineConfig } from 'prisma/config';

// The CLI wants a native schema engine before any command, though generate, validate and format never run it: any existing file
// will do. Migrations have their own runner (src/db/migrate), which needs no native engine and no download.
if (process.argv.some((argument) => argument === 'generate' || argument === 'validate' || argument === 'format')) {
  process.env['PRISMA_SCHEMA_ENGINE_BINARY'] ??= process.execPath;
}

export default defineConfig({ schema: 'prisma/schema', migrations: { path: 'prisma/migrations' } });
