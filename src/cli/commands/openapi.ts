import { apiDocument } from '../../description/api-document';
import { command } from '../command';
import { withDeclarations } from '../with-declarations';

export const openapi = command({
  summary: 'Write the OpenAPI document to standard output',
  run: async ({ io }) => {
    io.out(JSON.stringify(await withDeclarations(apiDocument), null, 2));
    return 0;
  },
});
