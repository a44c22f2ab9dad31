import { reportOf } from '../../db/migrate/report';
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
      const { done, warnings } = reportOf(await deploy(target));
      io.out(done);
      for (const warning of warnings) io.err(warning);
      return 0;
    }),
});
