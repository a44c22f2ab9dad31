import { deploy, resolve } from '../../db/migrate/runner';
import { command } from '../command';
import { withDatabase } from '../with-database';

export const migrate = command({
  summary: 'Apply the migrations that the database lacks',
  options: {
    'rolled-back': { type: 'string', value: 'NAME', description: 'Try this failed migration again' },
    applied: { type: 'string', value: 'NAME', description: 'Take this failed migration as done: it was finished by hand' },
  },
  run: ({ options, io }) =>
    withDatabase(async ({ ownerUrl }) => {
      const target = { url: ownerUrl };
      const { 'rolled-back': rolledBack, applied: finished } = options;
      if (rolledBack !== undefined) await resolve(target, 'rolled-back', rolledBack);
      if (finished !== undefined) await resolve(target, 'applied', finished);
      const { applied, edited, unknown } = await deploy(target);
      io.out(applied.length === 0 ? 'Nothing to apply.' : `Applied:\n  ${applied.join('\n  ')}`);
      if (edited.length > 0) io.err(`Changed on disk after they were applied:\n  ${edited.join('\n  ')}`);
      if (unknown.length > 0) io.err(`In the database, but not in this version:\n  ${unknown.join('\n  ')}`);
      return 0;
    }),
});
