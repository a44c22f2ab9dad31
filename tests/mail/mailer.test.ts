import { mkdtemp, readdir, readFile, rm, stat } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { text as textOf } from 'node:stream/consumers';
import { SMTPServer, type SMTPServerSession } from 'smtp-server';
import { Background } from '../../src/jobs/background';
import { systemClock } from '../../src/kernel/clock';
import { type Mail, Mailer } from '../../src/mail/mailer';
import type { LogFields, Logger } from '../../src/observability/logger';

const lines: string[] = [];
const record = (message: string, { error }: LogFields = {}): void =>
  void lines.push(error === undefined ? message : `${message}: ${(error as Error).message}`);
const logger: Logger = { error: record, warn: record, info: record, debug: record };
let folder: string;
beforeEach(async () => {
  lines.length = 0;
  folder = await mkdtemp(join(tmpdir(), 'mail-'));
});
afterEach(() => rm(folder, { recursive: true }));

const FROM = 'Quartermaster <no-reply@shop.example>';
const mail: Mail = {
  kind: 'password-reset',
  to: 'ada@example.com',
  subject: 'For Zoë\r\nBcc: everybody@example.com',
  text: 'Zoë, here it is:\n\nhttps://shop.example/reset-password#token=a-very-secret-token',
};
const mailer = (smtpUrl: string | undefined): Mailer =>
  new Mailer({ smtpUrl, from: FROM, mailbox: join(folder, 'mailbox') }, new Background(logger), systemClock, logger);

/** A mail server that keeps what it gets, or says that it can't. */
async function mailServer(failing = false) {
  const taken: Array<{ from: string; to: string[]; raw: string }> = [];
  const take = async (stream: Readable, { envelope: { mailFrom, rcptTo } }: SMTPServerSession): Promise<void> => {
    const raw = await textOf(stream);
    if (!failing) taken.push({ from: mailFrom ? mailFrom.address : '', to: rcptTo.map(({ address }) => address), raw });
  };
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS'],
    onData: (stream, session, done) => {
      void take(stream, session).finally(() => done(failing ? new Error('the disk is full') : null));
    },
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.server.address() as AddressInfo;
  return { taken, url: `smtp://127.0.0.1:${port}`, close: () => new Promise<void>((resolve) => server.close(() => resolve())) };
}

it('sends mails to the server, one address each, whatever is in the subject', async () => {
  const server = await mailServer();
  const sender = mailer(server.url);
  sender.post(mail);
  sender.post({ ...mail, to: 'grace@example.com' });
  await sender.close();
  await server.close();
  expect(server.taken.map(({ from, to }) => ({ from, to }))).toEqual([
    { from: 'no-reply@shop.example', to: ['ada@example.com'] },
    { from: 'no-reply@shop.example', to: ['grace@example.com'] },
  ]);
  expect(server.taken[0]!.raw).toMatch(/^From: Quartermaster <no-reply@shop\.example>\r$/m);
  expect(server.taken[0]!.raw).not.toMatch(/^Bcc:/m);
  expect(lines).toEqual(['mail sent: password-reset', 'mail sent: password-reset']);
  expect(await readdir(folder)).toEqual([]);
});

it('writes a mail down where no server is named, for its owner alone, and the log tells where but not what', async () => {
  const sender = mailer(undefined);
  sender.post(mail);
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

it.each([
  ['that refuses', () => mailServer(true)],
  ['that is not there', async () => mailServer().then(async (server) => (await server.close(), server))],
])('survives a server %s, and logs it without the mail', async (_, start) => {
  const server = await start();
  const sender = mailer(server.url);
  sender.post(mail);
  await sender.close();
  await server.close();
  expect(lines).toHaveLength(1);
  expect(lines[0]).toMatch(/^mail password-reset failed: \S/);
  expect(lines[0]).not.toContain('secret');
});
