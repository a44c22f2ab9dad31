import { explain } from '../process/explain';
import { commands } from './commands';
import { runCommand } from './run';

const io = {
  out: (line: string): void => void process.stdout.write(`${line}\n`),
  err: (line: string): void => void process.stderr.write(`${line}\n`),
};

runCommand(commands, process.argv.slice(2), io).then(
  (code) => {
    process.exitCode = code;
  },
  (error: unknown) => {
    io.err(explain(error));
    process.exitCode = 1;
  },
);
