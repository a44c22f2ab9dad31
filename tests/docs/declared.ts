import { loadConfig } from '../../src/config/config';
import { createContainer } from '../../src/container';
import type { AnyEndpoint } from '../../src/http/endpoint';
import { createLogger } from '../../src/observability/logger';

/** Every declared route of the application. Nothing is connected to. */
export async function declaredEndpoints(): Promise<readonly AnyEndpoint[]> {
  const config = loadConfig({
    NODE_ENV: 'test',
    JWT_SECRET: 'a-secret-of-the-tests-that-signs-access-tokens',
    PASSWORD_PEPPER: 'a-secret-of-the-tests-that-peppers-passwords',
    ENCRYPTION_KEYS: `test:${Buffer.alloc(32, 7).toString('base64')}`,
  });
  const logger = createLogger({ ...config.log, console: false });
  const container = createContainer({ config, runtimeUrl: 'postgresql://nobody@127.0.0.1:1/nothing', logger });
  await container.close();
  return container.endpoints;
}
