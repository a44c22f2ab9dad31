import { loadConfig } from '../config/config';
import { createContainer } from '../container';
import type { AnyEndpoint } from '../http/endpoint';
import { createLogger } from '../observability/logger';

/** Never connected to: the routes are declared without a database. */
const NOWHERE = 'postgresql://nobody@127.0.0.1:1/nothing';

/** Runs `work` with every declared route, for documents about them. */
export async function withDeclarations<T>(work: (endpoints: readonly AnyEndpoint[]) => T): Promise<T> {
  const config = loadConfig();
  const container = createContainer({ config, runtimeUrl: NOWHERE, logger: createLogger({ ...config.log, console: false }) });
  try {
    return work(container.endpoints);
  } finally {
    await container.close();
  }
}
