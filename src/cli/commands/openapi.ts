import { apiDocument } from '../../api-document';
import { loadConfig } from '../../config';
import { createContainer } from '../../container';
import { createLogger } from '../../logger';
import { command } from '../command';

/** Never connected to: the routes are declared without a database. */
const NOWHERE = 'postgresql://nobody@127.0.0.1:1/nothing';

export const openapi = command({
  summary: 'Write the OpenAPI document to standard output',
  run: async ({ io }) => {
    const config = loadConfig();
    const container = createContainer({ config, runtimeUrl: NOWHERE, logger: createLogger({ ...config.log, console: false }) });
    io.out(JSON.stringify(apiDocument(container.endpoints), null, 2));
    await container.close();
    return 0;
  },
});
