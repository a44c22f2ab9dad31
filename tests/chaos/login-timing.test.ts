import { Client } from './client';
import { startServers, type Servers } from './servers';

/**
 * how long a refused login takes does not tell whether the address is known. Attempts of all kinds take turns, so that whatever else the
 * machine does hits them alike, and medians are compared. A noisy machine gets more rounds; a real difference (the hash is nearly all of the
 * time) stays a difference however many there are.
 */
const COST = '10';
const ROUND = 60;
const MOST_ROUNDS = 4;

let servers: Servers;
let client: Client;
beforeAll(async () => {
  servers = await startServers(1, { BCRYPT_COST: COST });
  client = new Client(servers.servers[0]!.port);
});
afterAll(() => servers.stop());

const median = (values: readonly number[]): number => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)]!;

async function timed(email: string): Promise<{ readonly ms: number; readonly answer: string; readonly bytes: string | null }> {
  const startedAt = performance.now();
  const { status, body, headers } = await client.send('POST', '/auth/login', { email, password: 'not the password' });
  const ms = performance.now() - startedAt;
  expect(status).toBe(401);
  return { ms, answer: JSON.stringify({ ...body.error, requestId: '' }), bytes: headers.get('content-length') };
}

test('A-4: a login is refused in the same time, words and bytes for known and unknown addresses', async () => {
  const password = 'a passphrase for timing';
  await client.expect(201, 'POST', '/auth/register', { email: 'known@example.com', password, name: 'Known' });
  const times = { known: [] as number[], unknown: [] as number[] };
  const answers = new Set<string>();
  for (let n = 0; n < 6; n++) await timed(`warm${n}@example.com`);

  let ratio = Number.NaN;
  for (let round = 1; round <= MOST_ROUNDS; round++) {
    for (let n = 0; n < ROUND; n++) {
      const kinds = n % 2 === 0 ? (['known', 'unknown'] as const) : (['unknown', 'known'] as const);
      for (const kind of kinds) {
        const { ms, answer, bytes } = await timed(`${kind}@example.com`);
        times[kind].push(ms);
        answers.add(`${answer} ${bytes}`);
      }
    }
    ratio = median(times.known) / median(times.unknown);
    if (ratio >= 0.97 && ratio <= 1.03) break;
  }
  process.stdout.write(
    `A-4: known ${median(times.known).toFixed(1)} ms, unknown ${median(times.unknown).toFixed(1)} ms, ratio ${ratio.toFixed(3)} of ${times.known.length} each\n`,
  );
  expect(answers.size).toBe(1);
  expect(median(times.unknown)).toBeGreaterThan(30); // the hash was made
  expect(ratio).toBeGreaterThanOrEqual(0.95);
  expect(ratio).toBeLessThanOrEqual(1.05);
});
