import { randomBytes } from 'node:crypto';
import type { Databases } from './databases';

/** As in production, without a limit to the rate. */
export function environment({ runtimeUrl, ownerUrl }: Pick<Databases, 'runtimeUrl' | 'ownerUrl'>): Record<string, string> {
  const secret = (): string => randomBytes(32).toString('base64url');
  return {
    NODE_ENV: 'production',
    DATABASE_URL: runtimeUrl,
    MIGRATION_DATABASE_URL: ownerUrl,
    SEED_DEMO: 'false',
    JWT_SECRET: secret(),
    PASSWORD_PEPPER: secret(),
    ENCRYPTION_KEYS: `bench:${randomBytes(32).toString('base64')}`,
    RATE_LIMIT_ANONYMOUS_PER_MINUTE: '10000000',
    RATE_LIMIT_USER_PER_MINUTE: '10000000',
  };
}
