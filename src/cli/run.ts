import { UsageError, type Command, type Io } from './command';

export type CommandTable = Readonly<Record<string, Command>>;

const HELP = new Set(['--help', '-h', 'help']);

/** Finds the command and runs it. Answers the exit code: 0 done, 1 the command says no, 2 the command line is wrong. */
export async function runCommand(commands: CommandTable, argv: readonly string[], io: Io): Promise<number> {
  const [name, ...rest] = argv;
  if (name === undefined || HELP.has(name)) {
    if (name === 'help' && rest[0] !== undefined) return explainCommand(commands, rest[0], io);
    io.out(overview(commands));
    return name === undefined ? 2 : 0;
  }
  const command = find(commands, name);
  if (command === undefined) return unknownCommand(commands, name, io);
  if (rest.includes('--help') || rest.includes('-h')) {
    io.out(command.help(name));
    return 0;
  }
  try {
    return await command.run(rest, io);
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    io.err(`${error.message}\n\n${command.help(name)}`);
    return 2;
  }
}

/** Not every key that an object answers is a command: toString is none. */
const find = (commands: CommandTable, name: string): Command | undefined => (Object.hasOwn(commands, name) ? commands[name] : undefined);

function explainCommand(commands: CommandTable, name: string, io: Io): number {
  const command = find(commands, name);
  if (command === undefined) return unknownCommand(commands, name, io);
  io.out(command.help(name));
  return 0;
}

function unknownCommand(commands: CommandTable, name: string, io: Io): number {
  io.err(`There is no command "${name}".\n\n${overview(commands)}`);
  return 2;
}

function overview(commands: CommandTable): string {
  const width = Math.max(...Object.keys(commands).map((name) => name.length));
  const lines = Object.entries(commands).map(([name, { summary }]) => `  ${name.padEnd(width)}  ${summary}`);
  return `Usage: npm run cli -- COMMAND\n\n${lines.join('\n')}\n\nnpm run cli -- COMMAND --help tells more. The configuration is the server's: see .env.example.`;
}
