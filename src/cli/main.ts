import { explain } from '../process/explain';
import { onLostOutput } from '../process/output';
import { commands } from './commands';
import { runCommand } from './run';

const io = {
  out: (line: string): void => void process.stdout.write(`${line}\n`),
  err: (line: string): void => void process.stderr.write(`${line}\n`),
};

onLostOutput((error) => {
  // Who has read enough is not told more; what the command does is done to its end.
  if (error.code === 'EPIPE' || process.exitCode === 1) return;
  process.exitCode = 1;
  io.err(explain(error));
});

runCommand(commands, process.argv.slice(2), io).then(
  (code) => {
    process.exitCode ??= code;
  },
  (error: unknown) => {
    io.err(explain(error));
    process.exitCode = 1;
  },
);
