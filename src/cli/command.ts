import { parseArgs, type ParseArgsConfig } from 'node:util';

/** Where a command writes: results to `out`, everything else to `err`, a line at a time. */
export interface Io {
  out(line: string): void;
  err(line: string): void;
}

export interface StringOption {
  readonly type: 'string';
  readonly description: string;
  /** What stands for the value in the help: NAME. */
  readonly value: string;
  readonly required?: boolean;
}
export interface Flag {
  readonly type: 'boolean';
  readonly description: string;
}
type Options = Readonly<Record<string, StringOption | Flag>>;

type NoOptions = Readonly<Record<string, never>>;

type OptionValues<O extends Options> = {
  readonly [K in keyof O]: O[K] extends Flag ? boolean : O[K] extends { readonly required: true } ? string : string | undefined;
};

export interface CommandCall<O extends Options, P extends string> {
  readonly options: OptionValues<O>;
  /** By the names they have in the usage. */
  readonly arguments: Readonly<Record<P, string>>;
  readonly io: Io;
}

interface CommandSpec<O extends Options, P extends string> {
  readonly summary: string;
  /** Names of the arguments, all of them required, in capitals: FILE. One in small letters is a word to be written as it is: orders. */
  readonly arguments?: readonly P[];
  readonly options?: O;
  /** Answers the exit code: 0 when all is well. */
  run(call: CommandCall<O, P>): Promise<number>;
}

/** A sub-command, whatever its options. */
export interface Command {
  readonly summary: string;
  /** Text for --help; `name` is the name in the table of commands. */
  help(name: string): string;
  /** @throws UsageError when the arguments are not the declared ones */
  run(args: readonly string[], io: Io): Promise<number>;
}

/** The command line is wrong: the message says how. */
export class UsageError extends Error {}

/** Declares a command. Options and arguments come checked and typed. */
export function command<const O extends Options = NoOptions, const P extends string = never>(spec: CommandSpec<O, P>): Command {
  const names = spec.arguments ?? [];
  const options = Object.entries<StringOption | Flag>(spec.options ?? {});
  return {
    summary: spec.summary,
    help: (name) => helpText(name, spec.summary, names, options),
    run: async (args, io) => {
      const { values, positionals } = parse(args, options);
      if (positionals.length < names.length) throw new UsageError(`${names[positionals.length]} is missing`);
      if (positionals.length > names.length) throw new UsageError(`What is "${positionals[names.length]}" for?`);
      for (const [index, name] of names.entries())
        if (name === name.toLowerCase() && positionals[index] !== name)
          throw new UsageError(`"${name}" belongs where "${positionals[index]}" stands`);
      for (const [name, option] of options) {
        if (option.type === 'boolean') values[name] ??= false;
        else if (option.required === true && values[name] === undefined) throw new UsageError(`--${name} ${option.value} is missing`);
      }
      const given = Object.fromEntries(names.map((name, index) => [name, positionals[index]!])) as Record<P, string>;
      return spec.run({ options: values as unknown as OptionValues<O>, arguments: given, io });
    },
  };
}

function parse(args: readonly string[], options: ReadonlyArray<readonly [string, StringOption | Flag]>) {
  const config: ParseArgsConfig['options'] = Object.fromEntries(options.map(([name, { type }]) => [name, { type }]));
  try {
    const { values, positionals } = parseArgs({ args: [...args], options: config, allowPositionals: true, strict: true });
    return { values: values as Record<string, string | boolean | undefined>, positionals };
  } catch (error) {
    // Node's own words name the option and what is wrong with it.
    const { code, message } = error as { code?: unknown; message: string };
    if (typeof code === 'string' && code.startsWith('ERR_PARSE_ARGS_')) throw new UsageError(message.split('. ')[0], { cause: error });
    throw error;
  }
}

function helpText(
  name: string,
  summary: string,
  names: readonly string[],
  options: ReadonlyArray<readonly [string, StringOption | Flag]>,
): string {
  const spellings = options.map(([key, option]) => (option.type === 'boolean' ? `--${key}` : `--${key} ${option.value}`));
  const usage = options.map(([, option], index) =>
    option.type === 'string' && option.required === true ? spellings[index]! : `[${spellings[index]!}]`,
  );
  const width = Math.max(...spellings.map((spelling) => spelling.length));
  return [
    `Usage: npm run cli -- ${[name, ...names, ...usage].join(' ')}`,
    '',
    summary,
    ...(options.length === 0
      ? []
      : ['', ...options.map(([, option], index) => `  ${spellings[index]!.padEnd(width)}  ${option.description}`)]),
  ].join('\n');
}
