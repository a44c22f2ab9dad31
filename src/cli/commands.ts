import { importCommand } from './commands/import';
import { integrity } from './commands/integrity';
import { migrate } from './commands/migrate';
import { openapi } from './commands/openapi';
import { reencrypt } from './commands/reencrypt';
import { reference } from './commands/reference';
import { secrets } from './commands/secrets';
import { seed } from './commands/seed';
import { twoFactorOff } from './commands/two-factor-off';

/** By the names they are called by. */
export const commands = {
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
