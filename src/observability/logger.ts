import { createLogger as createWinston, format, transports, type Logform } from 'winston';
import { LogFile } from './log-file';

/** The only fields that reach a log. Anything else is dropped, so that a body, password or token can't slip in. */
export interface LogFields {
  readonly requestId?: string;
  readonly method?: string;
  /** Route template, never the URL. */
  readonly route?: string;
  readonly status?: number;
  readonly durationMs?: number;
  readonly bytes?: number;
  readonly ip?: string;
  readonly userId?: string;
  readonly organizationId?: string;
  readonly code?: string;
  /** What a mail server answered. */
  readonly responseCode?: number;
  readonly sqlState?: string;
  readonly attempt?: number;
  /** What part of the system speaks: database, jobs, import, … */
  readonly component?: string;
  readonly command?: string;
  readonly count?: number;
  readonly port?: number;
  readonly version?: string;
  readonly signal?: string;
  readonly reason?: string;
  /** Logged as name, message, code and stack, scrubbed. */
  readonly error?: unknown;
}

const ALLOWED: ReadonlySet<string> = new Set<keyof LogFields>([
  'requestId',
  'method',
  'route',
  'status',
  'durationMs',
  'bytes',
  'ip',
  'userId',
  'organizationId',
  'code',
  'responseCode',
  'sqlState',
  'attempt',
  'component',
  'command',
  'count',
  'port',
  'version',
  'signal',
  'reason',
  'error',
]);

/** What services and middlewares ask for. Winston's logger is one. */
export interface Logger {
  error(message: string, fields?: LogFields): void;
  warn(message: string, fields?: LogFields): void;
  info(message: string, fields?: LogFields): void;
  debug(message: string, fields?: LogFields): void;
}

export interface LoggerOptions {
  readonly level: string;
  /** JSON lines, for machines; otherwise one readable line. */
  readonly json: boolean;
  /** Also write to this file: see LogFile. */
  readonly file?: string | undefined;
  /** Write to the console; the default. */
  readonly console?: boolean;
}

const SECRETS: readonly (readonly [RegExp, string])[] = [
  [/\bBearer\s+[\w.~+/-]+=*/gi, 'Bearer [hidden]'],
  [/\beyJ[\w-]+\.[\w-]+\.[\w-]*/g, '[hidden token]'],
  [/(:\/\/[^:/?#\s]+:)[^@/\s]+@/g, '$1[hidden]@'],
  [/((?:password|secret|token|api[-_]?key)["']?\s*[:=]\s*["']?)[^\s"',}]+/gi, '$1[hidden]'],
  [/\b\d(?:[ -]?\d){12,18}\b/g, '[hidden digits]'],
];

/** Takes out of free text what looks like a token, a password in a URL, a key or a card number. */
export const scrub = (text: string): string => SECRETS.reduce((clean, [pattern, instead]) => clean.replace(pattern, instead), text);

function describeError(error: unknown): Record<string, unknown> {
  if (!(error instanceof Error)) return { message: scrub(String(error)) };
  const { code } = error as { code?: unknown };
  return {
    name: error.name,
    message: scrub(error.message),
    ...(typeof code === 'string' && { code }),
    ...(error.stack !== undefined && { stack: scrub(error.stack) }),
    ...(error.cause !== undefined && { cause: describeCause(error.cause) }),
  };
}

const describeCause = (cause: unknown): string => scrub(cause instanceof Error ? `${cause.name}: ${cause.message}` : JSON.stringify(cause));

const onlyAllowed = format((info) => {
  const clean: typeof info = { level: info.level, message: scrub(String(info.message)) };
  for (const key of Object.keys(info)) {
    if (ALLOWED.has(key)) clean[key] = key === 'error' ? describeError(info[key]) : info[key];
  }
  // Winston keeps the level for its transports under symbols.
  for (const symbol of Object.getOwnPropertySymbols(info)) clean[symbol as unknown as string] = info[symbol as unknown as string];
  return clean;
});

const readable = format.printf(({ level, message, timestamp, error, ...fields }) => {
  const rest = Object.entries(fields)
    .map(([key, value]) => ` ${key}=${String(value)}`)
    .join('');
  const { stack, message: reason } = (error ?? {}) as { stack?: string; message?: string };
  return `${String(timestamp)} ${level.padEnd(5)} ${String(message)}${rest}${error === undefined ? '' : `\n${stack ?? reason ?? ''}`}`;
});

/** @throws ConfigError when the file can't be written */
export function createLogger({ level, json, file, console = true }: LoggerOptions): Logger {
  const form = format.combine(onlyAllowed(), format.timestamp(), json ? format.json() : readable);
  return createWinston({
    level,
    silent: !console && file === undefined,
    format: form,
    transports: [...(console ? [new transports.Console()] : []), ...(file === undefined ? [] : [toFile(file, form)])],
  });
}

/** What goes wrong with the file is told on the console, a command's too, whose results are all that its standard output has. */
function toFile(file: string, form: Logform.Format): transports.StreamTransportInstance {
  const onConsole = createWinston({ format: form, transports: [new transports.Console({ stderrLevels: ['warn'] })] });
  const tell = (error: unknown): void => {
    const { code } = error as { code?: string };
    const fields: LogFields = { component: 'log', ...(code !== undefined && { code }) };
    onConsole.warn('LOG_FILE can not be written or put aside: its folder must be writable, and its disk not be full', fields);
  };
  return new transports.Stream({ stream: new LogFile(file, tell), eol: '\n' });
}
