import { apiReferenceText } from '../../description/api-document';
import { command } from '../command';
import { withDeclarations } from '../with-declarations';

export const reference = command({
  summary: 'Write the reference of the API (docs/API.md) to standard output',
  run: async ({ io }) => {
    io.out((await withDeclarations(apiReferenceText)).trimEnd());
    return 0;
  },
});
