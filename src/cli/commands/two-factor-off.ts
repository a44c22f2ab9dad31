import { command } from '../command';
import { withContainer } from '../with-database';

export const twoFactorOff = command({
  summary: 'Turn off the second factor of a user who has lost the authenticator and the recovery codes',
  arguments: ['EMAIL'],
  run: ({ arguments: { EMAIL }, io }) =>
    withContainer(async ({ modules }) => {
      const removed = await modules.identity.twoFactor.remove(EMAIL.trim().toLowerCase());
      if (removed) io.out(`${EMAIL} signs in with the password alone now.`);
      else io.err(`Nobody with the address ${EMAIL} has a second factor.`);
      return removed ? 0 : 1;
    }),
});
