import { command } from '../command';
import { withContainer } from '../with-database';

export const reencrypt = command({
  summary: 'Encrypt fields at rest anew with the first of ENCRYPTION_KEYS; the others may go seven days later (docs/DEPLOYMENT.md)',
  run: ({ io }) =>
    withContainer(async ({ modules }) => {
      io.out(`Secrets of second factors encrypted anew: ${await modules.identity.twoFactor.reencrypt()}`);
      return 0;
    }),
});
