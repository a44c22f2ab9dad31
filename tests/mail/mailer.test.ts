import { mkdtemp, readdir, readFile, rm, stat } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { text as textOf } from 'node:stream/consumers';
import { SMTPServer, type SMTPServerSession } from 'smtp-server';
import { connect, type DatabaseClient } from '../../src/db/client';
import { UnitOfWork } from '../../src/db/unit-of-work';
import { Background } from '../../src/jobs/background';
import { startMailDelivery } from '../../src/jobs/mail-delivery';
import { SettableClock } from '../../src/kernel/clock';
import { type EncryptionKey, FieldCipher } from '../../src/kernel/field-cipher';
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
const mailer = (smtpUrl: string | undefined, background = new Background(logger)): Mailer =>
  new Mailer(
    unitOfWork,
    new OutboxRepository(unitOfWork),
    new MailTransport({ smtpUrl, from: FROM, mailbox: join(folder, 'mailbox') }, clock, logger),
    new FieldCipher(KEYS),
    background,
    clock,
    logger,
  );
/** Of a process that dies before it sends anything. */
const dying = (): Mailer => mailer(undefined, { run: () => undefined, idle: () => Promise.resolve() } as unknown as Background);
const post = (sender: Mailer, wanted: Mail = mail): Promise<void> => unitOfWork.run(() => sender.post(wanted));
const waiting = () => queryOnce<{ row: string; attempts: number }>(database.superuserUrl, 'SELECT m::text AS row, attempts FROM mails m');

type Trouble = 'none' | 'full disk' | 'unknown address';
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
    onRcptTo: ({ address }, _session, done) =>
      done(state.trouble === 'unknown address' ? Object.assign(new Error(`${address} is nobody`), { responseCode: 550 }) : null),
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
    `mail password-reset could not be sent, and will be tried again attempt=${attempt} code=EMESSAGE responseCode=450`;
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
  expect(lines).toEqual([expect.stringMatching(/^mail password-reset could not be sent, and will be tried again attempt=1 code=E\w+$/)]);

  later(MINUTE);
  const server = await mailServer();
  const senders = Array.from({ length: 5 }, () => mailer(server.url));
  await Promise.all(senders.map((sender) => sender.deliverDue()));
  await Promise.all(senders.map((sender) => sender.close()));
  await server.close();
  expect(server.taken).toHaveLength(1);
  expect(await waiting()).toEqual([]);
});

it('gives up after the sixth attempt, and earlier what would come too late', async () => {
  const server = await mailServer('full disk');
  const sender = mailer(server.url);
  const attemptsOf = async (wanted: Mail): Promise<number> => {
    lines.length = 0;
    await post(sender, wanted);
    await sender.idle();
    for (let n = 0; n < 10; n++) {
      later(4 * HOUR);
      await sender.deliverDue();
    }
    expect(await waiting()).toEqual([]);
    expect(lines.at(-1)).toMatch(/^mail password-reset was given up attempt=\d/);
    return lines.length;
  };
  expect(await attemptsOf({ ...mail, goodFor: 7 * 24 * HOUR })).toBe(6);
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
  expect(lines).toEqual(['mail password-reset was given up attempt=1 code=EENVELOPE responseCode=550']);
  expect(await waiting()).toEqual([]);
});

it('is sent by the job, which ends when it is told to', async () => {
  await post(dying());
  const sender = mailer(undefined);
  const job = startMailDelivery({ mailer: sender, logger }, { firstAfter: 1, every: 5 });
  while ((await waiting()).length > 0);
  await job.stop();
  expect(await readdir(join(folder, 'mailbox'))).toHaveLength(1);
});
