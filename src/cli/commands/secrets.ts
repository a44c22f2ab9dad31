import { randomBytes } from 'node:crypto';
import { generateSecrets } from '../../config/development-secrets';
import { command } from '../command';

/** Of the services beside the API in docker-compose.yml. In hex, so that they can stand in a URL. */
const PASSWORDS = ['POSTGRES_PASSWORD', 'OWNER_PASSWORD', 'APP_PASSWORD', 'GRAFANA_PASSWORD'];

export const secrets = command({
  summary: 'Print new secrets and passwords for production, as lines of an .env file',
  run: ({ io }) => {
    for (const [name, value] of Object.entries(generateSecrets())) io.out(`${name}=${value}`);
    for (const name of PASSWORDS) io.out(`${name}=${randomBytes(24).toString('hex')}`);
    return Promise.resolve(0);
  },
});
