import { checkIntegrity } from '../check-integrity';
import { command } from '../command';
import { withContainer } from '../with-database';

export const integrity = command({
  summary: 'Check every invariant on the data of every organization; exit code 1 when one is violated',
  options: {
    organization: { type: 'string', value: 'NAME', description: 'Only organizations of this name' },
    json: { type: 'boolean', description: 'The whole report as JSON' },
  },
  run: ({ options, io }) => withContainer((container) => checkIntegrity(container, options, io)),
});
