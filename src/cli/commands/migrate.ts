import { deploy } from '../../db/migrate/runner';
import { command } from '../command';
import { withDatabase } from '../with-database';

export const migrate = command({
  summary: 'Apply the migrations that the database lacks',
  run: ({ io }) =>
    withDatabase(async ({ ownerUrl }) => {
      const { applied, edited, unknown } = await deploy({ url: ownerUrl });
      io.out(applied.length === 0 ? 'Nothing to apply.' : `Applied:\n  ${applied.join('\n  ')}`);
      if (edited.length > 0) io.err(`Changed on disk after they were applied:\n  ${edited.join('\n  ')}`);
      if (unknown.length > 0) io.err(`In the database, but not in this version:\n  ${unknown.join('\n  ')}`);
      return 0;
    }),
});
