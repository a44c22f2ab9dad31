import { mkdtemp, readdir, readFile, rm, stat } from 'node:fs/promises';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { text as textOf } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import { SMTPServer, type SMTPServerSession } from 'smtp-server';
import { connect, type DatabaseClient } from '../../src/db/client';
import { UnitOfWork } from '../../src/db/unit-of-work';
import { Background } from '../../src/jobs/background';
import { startMailDelivery } from '../../src/jobs/mail-delivery';
import { SettableClock } from '../../src/kernel/clock';
import { type EncryptionKey, FieldCipher } from '../../src/kernel/field-cipher';
import { LONGEST_ATTEMPT_MS, nextAttemptAt } from '../../src/mail/attempts';
import type { Mail } from '../../src/mail/mail';
import { MailTransport } from '../../src/mail/mail-transport';
import { Mailer } from '../../src/mail/mailer';
import { OutboxRepository } from '../../src/mail/outbox.repository';
import type { LogFields, Logger } from '../../src/observability/logger';
import { freshDatabase, queryOnce, type TestDatabase } from '../support/database';

const lines: string[] = [];
const record = (message: string, fields: LogFields = {}): void => {
  const { component: _, ...rest } = fields;
  lines.push([message, ...Object.entries(rest).map(([name, value]) => `${name}=${String(value)}`)].join(' '));
};
const logger: Logger = { error: record, warn: record, info: record, debug: record };
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const clock = new SettableClock(new Date());
const later = (ms: number): void => clock.set(new Date(clock.now().getTime() + ms));

let database: TestDatabase;
let client: DatabaseClient;
let unitOfWork: UnitOfWork;
let folder: string;
beforeAll(async () => {
  database = await freshDatabase();
  client = connect(database.runtimeUrl, 6);
  unitOfWork = new UnitOfWork(client.prisma, () => undefined);
});
beforeEach(async () => {
  lines.length = 0;
  folder = await mkdtemp(join(tmpdir(), 'mail-'));
  await queryOnce(database.superuserUrl, 'DELETE FROM mails');
});
afterEach(() => rm(folder, { recursive: true }));
afterAll(async () => {
  await client.close();
  await database.drop();
});

const FROM = 'Quartermaster <no-reply@shop.example>';
const mail: Mail = {
  kind: 'password-reset',
  to: 'ada@example.com',
  subject: 'For Zoë\r\nBcc: everybody@example.com',
  text: 'Zoë, here it is:\n\nhttps://shop.example/reset-password#token=a-very-secret-token',
  goodFor: 24 * HOUR,
};
const KEYS: EncryptionKey[] = [{ id: 'test', key: Buffer.alloc(32, 7) }];
interface Ways {
  readonly background?: Background;
  readonly keys?: EncryptionKey[];
  readonly longestAttempt?: number;
}
const mailer = (smtpUrl: string | undefined, { background = new Background(logger), keys = KEYS, longestAttempt }: Ways = {}): Mailer =>
  new Mailer(
    unitOfWork,
    new OutboxRepository(unitOfWork),
    new MailTransport({ smtpUrl, from: FROM, mailbox: join(folder, 'mailbox') }, clock, logger, longestAttempt),
    new FieldCipher(keys),
    background,
    clock,
    logger,
  );
/** Of a process that dies before it sends anything. */
const dying = (): Mailer =>
  mailer(undefined, { background: { run: () => undefined, idle: () => Promise.resolve() } as unknown as Background });
const post = (sender: Mailer, wanted: Mail = mail): Promise<void> => unitOfWork.run(() => sender.post(wanted));
const waiting = () => queryOnce<{ row: string; attempts: number }>(database.superuserUrl, 'SELECT m::text AS row, attempts FROM mails m');

type Trouble = 'none' | 'full disk' | 'unknown address' | 'no such sender' | 'no relaying' | 'no login' | 'full mailbox';
const refusal = (responseCode: number, words: string): Error => Object.assign(new Error(words), { responseCode });
const TO_ADDRESSES: Partial<Record<Trouble, Error>> = {
  'unknown address': refusal(550, 'ada@example.com is nobody'),
  'no relaying': refusal(550, '5.7.1 no relaying for ada@example.com'),
  'no login': refusal(530, 'sign in first'),
  'full mailbox': refusal(552, '5.2.2 ada@example.com has no room'),
};
/** A mail server that keeps what it gets, or says why it can't. */
async function mailServer(trouble: Trouble = 'none') {
  const taken: Array<{ from: string; to: string[]; raw: string }> = [];
  const state = { trouble };
  const take = async (stream: Readable, { envelope: { mailFrom, rcptTo } }: SMTPServerSession): Promise<void> => {
    const raw = await textOf(stream);
    if (state.trouble === 'none') taken.push({ from: mailFrom ? mailFrom.address : '', to: rcptTo.map(({ address }) => address), raw });
  };
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS'],
    onMailFrom: (_address, _session, done) => done(state.trouble === 'no such sender' ? refusal(550, 'who is that?') : null),
    onRcptTo: (_address, _session, done) => done(TO_ADDRESSES[state.trouble] ?? null),
    onData: (stream, session, done) => {
      void take(stream, session).finally(() =>
        done(state.trouble === 'full disk' ? new Error('the disk of ada@example.com is full') : null),
      );
    },
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.server.address() as AddressInfo;
  return { state, taken, url: `smtp://127.0.0.1:${port}`, close: () => new Promise<void>((resolve) => server.close(() => resolve())) };
}

it('sends mails to the server as soon as the unit has committed, one address each, whatever is in the subject', async () => {
  const server = await mailServer();
  const sender = mailer(server.url);
  await post(sender);
  await post(sender, { ...mail, to: 'grace@example.com' });
  await expect(
    unitOfWork.run(async () => {
      await sender.post(mail);
      throw new Error('rolled back');
    }),
  ).rejects.toThrow('rolled back');
  await sender.close();
  await server.close();
  // Two connections to the server at once: which of them is faster is anybody's guess.
  const taken = server.taken.map(({ from, to }) => `${from} to ${to.join()}`).sort();
  expect(taken).toEqual(['no-reply@shop.example to ada@example.com', 'no-reply@shop.example to grace@example.com']);
  expect(server.taken[0]!.raw).toMatch(/^From: Quartermaster <no-reply@shop\.example>\r$/m);
  expect(server.taken[0]!.raw).not.toMatch(/^Bcc:/m);
  expect(lines).toEqual(['mail sent: password-reset', 'mail sent: password-reset']);
  expect(await readdir(folder)).toEqual([]);
  expect(await waiting()).toEqual([]);
});

it('writes a mail down where no server is named, for its owner alone, and the log tells where but not what', async () => {
  const sender = mailer(undefined);
  await post(sender);
  await sender.idle();
  const [name, ...others] = await readdir(join(folder, 'mailbox'));
  expect(others).toEqual([]);
  expect(name).toMatch(/^\d{4}-\d\d-\d\dT\d\d-\d\d-\d\d\.\d{3}Z-password-reset-[0-9a-f]{8}\.eml$/);
  const file = join(folder, 'mailbox', name!);
  const [headers, body] = (await readFile(file, 'utf8')).split('\n\n', 2);
  expect(headers!.split('\n')).toEqual(
    expect.arrayContaining([`From: ${FROM}`, 'To: ada@example.com', 'Subject: For Zoë Bcc: everybody@example.com']),
  );
  expect(body).toBe('Zoë, here it is:');
  expect((await stat(file)).mode & 0o777).toBe(0o600);
  expect((await stat(join(folder, 'mailbox'))).mode & 0o777).toBe(0o700);
  expect(lines).toEqual([`mail written to ${file}`]);
});

it('keeps a waiting mail as no one can read it', async () => {
  await post(dying());
  const [{ row } = { row: '' }] = await waiting();
  expect(row).toContain('password-reset');
  for (const secret of ['ada@example.com', 'a-very-secret-token', 'Zoë']) expect(row).not.toContain(secret);
});

it('tries again what a server could not take, with growing pauses; the log tells codes only', async () => {
  const server = await mailServer('full disk');
  const sender = mailer(server.url);
  await post(sender);
  await sender.idle();
  await sender.deliverDue();
  for (const pause of [MINUTE, 5 * MINUTE]) {
    later(pause - 1);
    await sender.deliverDue();
    later(1);
    await sender.deliverDue();
  }
  const again = (attempt: number): string =>
    `mail password-reset could not be sent, and will be tried again attempt=${attempt} code=EMESSAGE responseCode=450 command=DATA`;
  expect(lines).toEqual([again(1), again(2), again(3)]);
  server.state.trouble = 'none';
  later(15 * MINUTE);
  await sender.deliverDue();
  await sender.close();
  await server.close();
  expect(server.taken).toHaveLength(1);
  expect(lines.at(-1)).toBe('mail sent: password-reset');
  expect(await waiting()).toEqual([]);
});

it('outlives the process that wanted it, and a server that is not there; of several processes one sends it', async () => {
  await post(dying());
  const gone = await mailServer();
  await gone.close();
  const lonely = mailer(gone.url);
  await lonely.deliverDue();
  await lonely.close();
  expect(lines).toEqual([
    expect.stringMatching(/^mail password-reset could not be sent, and will be tried again attempt=1 code=E\w+ command=CONN$/),
  ]);

  later(MINUTE);
  const server = await mailServer();
  const senders = Array.from({ length: 5 }, () => mailer(server.url));
  await Promise.all(senders.map((sender) => sender.deliverDue()));
  await Promise.all(senders.map((sender) => sender.close()));
  await server.close();
  expect(server.taken).toHaveLength(1);
  expect(await waiting()).toEqual([]);
});

it('goes on for as long as the mail is good for, and gives up what would come too late', async () => {
  const server = await mailServer('full disk');
  const sender = mailer(server.url);
  const attemptsOf = async (wanted: Mail): Promise<number> => {
    lines.length = 0;
    await post(sender, wanted);
    await sender.idle();
    for (let n = 0; n < 50; n++) {
      later(4 * HOUR);
      await sender.deliverDue();
    }
    expect(await waiting()).toEqual([]);
    expect(lines.at(-1)).toMatch(/^mail password-reset was given up attempt=\d/);
    return lines.length;
  };
  expect(await attemptsOf({ ...mail, goodFor: 7 * 24 * HOUR })).toBe(42);
  expect(await attemptsOf({ ...mail, goodFor: MINUTE / 2 })).toBe(1);
  await post(dying(), { ...mail, goodFor: MINUTE });
  later(HOUR);
  server.state.trouble = 'none';
  await sender.deliverDue();
  await sender.close();
  await server.close();
  expect(lines.at(-1)).toBe('mail password-reset was given up attempt=1 reason=too late');
  expect(server.taken).toEqual([]);
});

it('gives up at once when the server knows no such address', async () => {
  const server = await mailServer('unknown address');
  const sender = mailer(server.url);
  await post(sender);
  await sender.close();
  await server.close();
  expect(lines).toEqual(['mail password-reset was given up attempt=1 code=EENVELOPE responseCode=550 command=RCPT TO']);
  expect(await waiting()).toEqual([]);
});

it.each([
  ['no such sender', '550 command=MAIL FROM'],
  ['no relaying', '550 command=RCPT TO'],
  ['no login', '530 command=RCPT TO'],
  ['full mailbox', '552 command=RCPT TO'],
] as const)('%s: that is not the address, so the mail stays', async (trouble, told) => {
  const server = await mailServer(trouble);
  const sender = mailer(server.url);
  await post(sender);
  await sender.idle();
  expect(lines).toEqual([`mail password-reset could not be sent, and will be tried again attempt=1 code=EENVELOPE responseCode=${told}`]);
  server.state.trouble = 'none';
  later(MINUTE);
  await sender.deliverDue();
  await sender.close();
  await server.close();
  expect(server.taken).toHaveLength(1);
});

it('tells that the key of a mail is gone, and sends it when the key is back', async () => {
  await post(dying());
  await mailer(undefined, { keys: [{ id: 'new', key: Buffer.alloc(32, 8) }] }).deliverDue();
  expect(lines).toEqual([
    'mail password-reset could not be sent, and will be tried again attempt=1 reason=its key is missing in ENCRYPTION_KEYS',
  ]);
  later(MINUTE);
  await mailer(undefined).deliverDue();
  expect(await readdir(join(folder, 'mailbox'))).toHaveLength(1);
});

/** Never silent for long enough to be given up for it, and never done. */
async function tricklingServer() {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined).write('220 shop.example\r\n');
    const timer = setInterval(() => socket.write('250-more\r\n'), 10);
    socket.on('close', () => {
      clearInterval(timer);
      sockets.delete(socket);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return { sockets, url: `smtp://127.0.0.1:${port}`, close: () => new Promise((resolve) => server.close(resolve)) };
}

it('an attempt ends before another process begins the next one, whatever the server does', async () => {
  expect(nextAttemptAt(1, clock.now()).getTime() - clock.now().getTime()).toBeGreaterThan(LONGEST_ATTEMPT_MS);
  const server = await tricklingServer();
  const sender = mailer(server.url, { longestAttempt: 300 });
  await post(sender);
  await sender.close();
  await server.close();
  expect(lines).toEqual(['mail password-reset could not be sent, and will be tried again attempt=1 code=EABORT']);
  expect(await waiting()).toMatchObject([{ attempts: 1 }]);
});

it('an attempt of the job ends when the job is told to', async () => {
  await post(dying());
  const server = await tricklingServer();
  const sender = mailer(server.url);
  const job = startMailDelivery({ mailer: sender, logger }, { firstAfter: 1, every: 5 });
  while (server.sockets.size === 0) await sleep(5);
  await job.stop();
  await sender.close();
  await server.close();
  expect(lines).toEqual(['mail password-reset could not be sent, and will be tried again attempt=1 code=EABORT']);
});

it('is sent by the job, which ends when it is told to', async () => {
  await post(dying());
  const sender = mailer(undefined);
  const job = startMailDelivery({ mailer: sender, logger }, { firstAfter: 1, every: 5 });
  while ((await waiting()).length > 0);
  await job.stop();
  expect(await readdir(join(folder, 'mailbox'))).toHaveLength(1);
});
