import { setTimeout as sleep } from 'node:timers/promises';
import { startMailDelivery } from '../../src/jobs/mail-delivery';
import { LONGEST_ATTEMPT_MS, nextAttemptAt } from '../../src/mail/attempts';
import type { Mail } from '../../src/mail/mail';
import { mailServer, tricklingServer } from './mail-servers';
import { HOUR, mail, MINUTE, Outbox } from './outbox';

let outbox: Outbox;
beforeAll(async () => {
  outbox = await Outbox.open();
});
beforeEach(() => outbox.empty());
afterAll(() => outbox.close());

it('tries again what a server could not take, with growing pauses; the log tells codes only', async () => {
  const server = await mailServer('full disk');
  const sender = outbox.mailer(server.url);
  await outbox.post(sender);
  await sender.idle();
  await sender.deliverDue();
  for (const pause of [MINUTE, 5 * MINUTE]) {
    outbox.later(pause - 1);
    await sender.deliverDue();
    outbox.later(1);
    await sender.deliverDue();
  }
  const again = (attempt: number): string =>
    `mail password-reset could not be sent, and will be tried again attempt=${attempt} code=EMESSAGE responseCode=450 command=DATA`;
  expect(outbox.lines).toEqual([again(1), again(2), again(3)]);
  server.state.trouble = 'none';
  outbox.later(15 * MINUTE);
  await sender.deliverDue();
  await sender.close();
  await server.close();
  expect(server.taken).toHaveLength(1);
  expect(outbox.lines.at(-1)).toBe('mail sent: password-reset');
  expect(await outbox.waiting()).toEqual([]);
});

it('outlives the process that wanted it, and a server that is not there; of several processes one sends it', async () => {
  await outbox.post(outbox.dying());
  const gone = await mailServer();
  await gone.close();
  const lonely = outbox.mailer(gone.url);
  await lonely.deliverDue();
  await lonely.close();
  expect(outbox.lines).toEqual([
    expect.stringMatching(/^mail password-reset could not be sent, and will be tried again attempt=1 code=E\w+ command=CONN$/),
  ]);

  outbox.later(MINUTE);
  const server = await mailServer();
  const senders = Array.from({ length: 5 }, () => outbox.mailer(server.url));
  await Promise.all(senders.map((sender) => sender.deliverDue()));
  await Promise.all(senders.map((sender) => sender.close()));
  await server.close();
  expect(server.taken).toHaveLength(1);
  expect(await outbox.waiting()).toEqual([]);
});

it('goes on for as long as the mail is good for, and gives up what would come too late', async () => {
  const server = await mailServer('full disk');
  const sender = outbox.mailer(server.url);
  const attemptsOf = async (wanted: Mail): Promise<number> => {
    outbox.lines.length = 0;
    await outbox.post(sender, wanted);
    await sender.idle();
    for (let n = 0; n < 50; n++) {
      outbox.later(4 * HOUR);
      await sender.deliverDue();
    }
    expect(await outbox.waiting()).toEqual([]);
    expect(outbox.lines.at(-1)).toMatch(/^mail password-reset was given up attempt=\d/);
    return outbox.lines.length;
  };
  expect(await attemptsOf({ ...mail, goodFor: 7 * 24 * HOUR })).toBe(42);
  expect(await attemptsOf({ ...mail, goodFor: MINUTE / 2 })).toBe(1);
  await outbox.post(outbox.dying(), { ...mail, goodFor: MINUTE });
  outbox.later(HOUR);
  server.state.trouble = 'none';
  await sender.deliverDue();
  await sender.close();
  await server.close();
  expect(outbox.lines.at(-1)).toBe('mail password-reset was given up attempt=1 reason=too late');
  expect(server.taken).toEqual([]);
});

it('gives up at once when the server knows no such address', async () => {
  const server = await mailServer('unknown address');
  const sender = outbox.mailer(server.url);
  await outbox.post(sender);
  await sender.close();
  await server.close();
  expect(outbox.lines).toEqual(['mail password-reset was given up attempt=1 code=EENVELOPE responseCode=550 command=RCPT TO']);
  expect(await outbox.waiting()).toEqual([]);
});

it.each([
  ['no such sender', '550 command=MAIL FROM'],
  ['no relaying', '550 command=RCPT TO'],
  ['no login', '530 command=RCPT TO'],
  ['full mailbox', '552 command=RCPT TO'],
] as const)('%s: that is not the address, so the mail stays', async (trouble, told) => {
  const server = await mailServer(trouble);
  const sender = outbox.mailer(server.url);
  await outbox.post(sender);
  await sender.idle();
  expect(outbox.lines).toEqual([
    `mail password-reset could not be sent, and will be tried again attempt=1 code=EENVELOPE responseCode=${told}`,
  ]);
  server.state.trouble = 'none';
  outbox.later(MINUTE);
  await sender.deliverDue();
  await sender.close();
  await server.close();
  expect(server.taken).toHaveLength(1);
});

it('an attempt ends before another process begins the next one, whatever the server does', async () => {
  expect(nextAttemptAt(1, outbox.clock.now()).getTime() - outbox.clock.now().getTime()).toBeGreaterThan(LONGEST_ATTEMPT_MS);
  const server = await tricklingServer();
  const sender = outbox.mailer(server.url, { longestAttempt: 300 });
  await outbox.post(sender);
  await sender.close();
  await server.close();
  expect(outbox.lines).toEqual(['mail password-reset could not be sent, and will be tried again attempt=1 code=EABORT']);
  expect(await outbox.waiting()).toMatchObject([{ attempts: 1 }]);
});

it('an attempt of the job ends when the job is told to', async () => {
  await outbox.post(outbox.dying());
  const server = await tricklingServer();
  const sender = outbox.mailer(server.url);
  const job = startMailDelivery({ mailer: sender, logger: outbox.logger }, { firstAfter: 1, every: 5 });
  while (server.sockets.size === 0) await sleep(5);
  await job.stop();
  await sender.close();
  await server.close();
  expect(outbox.lines).toEqual(['mail password-reset could not be sent, and will be tried again attempt=1 code=EABORT']);
});

it('signs in to a server of another machine over TLS or not at all, whatever the address says beside it', async () => {
  const server = await mailServer();
  const { port } = new URL(server.url);
  const elsewhere = outbox.mailer(`smtp://me:Yeeth3ohRoh7@0.0.0.0:${port}?requireTLS=false&ignoreTLS=true`);
  await outbox.post(elsewhere);
  await elsewhere.close();
  expect(server.state.logins).toBe(0);
  expect(outbox.lines).toEqual([expect.stringMatching(/^mail password-reset could not be sent, .* code=ETLS .*command=STARTTLS$/)]);

  const here = outbox.mailer(`smtp://me:Yeeth3ohRoh7@127.0.0.1:${port}`);
  outbox.later(MINUTE);
  await here.deliverDue();
  await here.close();
  await server.close();
  expect([server.state.logins, server.taken.length]).toEqual([1, 1]);
});
