import { readFileSync } from 'node:fs';
import { parseEnv } from 'node:util';
import { ConfigError } from './config-error';

export type Variables = Readonly<Record<string, string | undefined>>;

/** Those of an .env file in the working directory, if there is one; the environment of the process goes before it. */
export const environmentVariables = (): Variables => ({ ...envFile(), ...process.env });

/** @throws ConfigError when the file is there and can't be read: without it a server would run on another database, or miss its secrets */
function envFile(): Variables {
  try {
    return parseEnv(readFileSync('.env', 'utf8'));
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT') return {};
    throw new ConfigError([`.env is there and can't be read (${code}): make it a file that this account may read, or move it away`]);
  }
}

/** The variable's text; an empty line of an .env file means "not set". */
export function given(variables: Variables, name: string): string | undefined {
  const text = variables[name]?.trim() ?? '';
  return text === '' ? undefined : text;
}
