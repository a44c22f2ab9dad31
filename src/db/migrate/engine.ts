import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import path from 'node:path';
import { bindMigrationAwareSqlAdapterFactory } from '@prisma/driver-adapter-utils';
import type * as Glue from '@prisma/schema-engine-wasm/schema_engine_bg';
import type { MigrationList, SchemaContainer, SchemaEngine } from '@prisma/schema-engine-wasm/schema_engine_bg';
import { migrationAdapterFactory } from './adapter';

export type { MigrationList, SchemaContainer, SchemaEngine };

// @types/node 20 has no WebAssembly, and the "DOM" library would bring the browser's globals with it.
declare const WebAssembly: {
  instantiate(bytes: Uint8Array, imports: Record<string, unknown>): Promise<{ instance: { exports: Record<string, unknown> } }>;
};

let glue: Promise<typeof Glue> | undefined;

/** Prisma's own schema engine as WebAssembly: no native program, nothing to download. Loaded when first needed (about 0.2 s). */
function loadGlue(): Promise<typeof Glue> {
  glue ??= (async () => {
    const file = createRequire(__filename).resolve('@prisma/schema-engine-wasm/schema_engine_bg');
    const module = (await import(file)) as typeof Glue;
    const bytes = await readFile(path.join(path.dirname(file), 'schema_engine_bg.wasm'));
    const { instance } = await WebAssembly.instantiate(bytes, { './schema_engine_bg.js': { ...module, ...unreferencedTimers(module) } });
    // oxlint-disable-next-line no-underscore-dangle -- the generated module's name for it
    module.__wbg_set_wasm(instance.exports);
    (instance.exports['__wbindgen_start'] as () => void)();
    return module;
  })();
  return glue;
}

/** The engine arms a 10 s timer for its advisory lock and never clears it, which would hold a finished command back for that long. */
function unreferencedTimers(module: typeof Glue): Record<string, unknown> {
  const names = Object.keys(module).filter((name) => name.startsWith('__wbg_setTimeout_'));
  return Object.fromEntries(names.map((name) => [name, (callback: () => void, ms: number) => setTimeout(callback, ms).unref()]));
}

export interface EngineInput {
  readonly url: string;
  /** Server for shadow databases; the one of `url` when it is left out. */
  readonly shadowUrl?: string | undefined;
  readonly schemaFiles: SchemaContainer[];
}

export async function withEngine<T>(input: EngineInput, work: (engine: SchemaEngine) => Promise<T>): Promise<T> {
  const { SchemaEngine } = await loadGlue();
  const adapters = bindMigrationAwareSqlAdapterFactory(migrationAdapterFactory(input.url, input.shadowUrl ?? input.url));
  // The engine never closes its main connection: remember it, to do so ourselves.
  const opened: { dispose(): unknown }[] = [];
  const connect = adapters.connect;
  const remembering = {
    ...adapters,
    connect: async () => {
      const result = await connect();
      if (result.ok) opened.push(result.value);
      return result;
    },
  };
  const datamodels = input.schemaFiles.map((file): [string, string] => [file.path, file.content]);
  try {
    const engine = await SchemaEngine.new({ datamodels }, () => undefined, remembering);
    try {
      return await work(engine);
    } finally {
      engine.free();
    }
  } finally {
    for (const connection of opened) await connection.dispose();
  }
}
