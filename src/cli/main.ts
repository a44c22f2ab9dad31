import { explain } from '../explain';
import { importCommand } from './commands/import';
import { integrity } from './commands/integrity';
import { migrate } from './commands/migrate';
import { openapi } from './commands/openapi';
import { reencrypt } from './commands/reencrypt';
import { reference } from './commands/reference';
import { secrets } from './commands/secrets';
import { seed } from './commands/seed';
import { twoFactorOff } from './commands/two-factor-off';
import { runCommand } from './run';

const commands = {
  migrate,
  seed,
  secrets,
  import: importCommand,
  integrity,
  reencrypt,
  'two-factor-off': twoFactorOff,
  openapi,
  reference,
};

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
