import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { startMailDelivery } from '../../src/jobs/mail-delivery';
import { mailServer } from './mail-servers';
import { FROM, mail, MINUTE, Outbox } from './outbox';

let outbox: Outbox;
beforeAll(async () => {
  outbox = await Outbox.open();
});
beforeEach(() => outbox.empty());
afterAll(() => outbox.close());

it('sends mails to the server as soon as the unit has committed, one address each, whatever is in the subject', async () => {
  const server = await mailServer();
  const sender = outbox.mailer(server.url);
  await outbox.post(sender);
  await outbox.post(sender, { ...mail, to: 'grace@example.com' });
  await expect(
    outbox.unitOfWork.run(async () => {
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
  expect(outbox.lines).toEqual(['mail sent: password-reset', 'mail sent: password-reset']);
  expect(await readdir(outbox.folder)).toEqual([]);
  expect(await outbox.waiting()).toEqual([]);
});

it('writes a mail down where no server is named, for its owner alone, and the log tells where but not what', async () => {
  const sender = outbox.mailer(undefined);
  await outbox.post(sender);
  await sender.idle();
  const [name, ...others] = await readdir(join(outbox.folder, 'mailbox'));
  expect(others).toEqual([]);
  expect(name).toMatch(/^\d{4}-\d\d-\d\dT\d\d-\d\d-\d\d\.\d{3}Z-password-reset-[0-9a-f]{8}\.eml$/);
  const file = join(outbox.folder, 'mailbox', name!);
  const [headers, body] = (await readFile(file, 'utf8')).split('\n\n', 2);
  expect(headers!.split('\n')).toEqual(
    expect.arrayContaining([`From: ${FROM}`, 'To: ada@example.com', 'Subject: For Zoë Bcc: everybody@example.com']),
  );
  expect(body).toBe('Zoë, here it is:');
  expect((await stat(file)).mode & 0o777).toBe(0o600);
  expect((await stat(join(outbox.folder, 'mailbox'))).mode & 0o777).toBe(0o700);
  expect(outbox.lines).toEqual([`mail written to ${file}`]);
});

it('keeps a waiting mail as no one can read it', async () => {
  await outbox.post(outbox.dying());
  const [{ row } = { row: '' }] = await outbox.waiting();
  expect(row).toContain('password-reset');
  for (const secret of ['ada@example.com', 'a-very-secret-token', 'Zoë']) expect(row).not.toContain(secret);
});

it('tells that the key of a mail is gone, and sends it when the key is back', async () => {
  await outbox.post(outbox.dying());
  await outbox.mailer(undefined, { keys: [{ id: 'new', key: Buffer.alloc(32, 8) }] }).deliverDue();
  expect(outbox.lines).toEqual([
    'mail password-reset could not be sent, and will be tried again attempt=1 reason=its key is missing in ENCRYPTION_KEYS',
  ]);
  outbox.later(MINUTE);
  await outbox.mailer(undefined).deliverDue();
  expect(await readdir(join(outbox.folder, 'mailbox'))).toHaveLength(1);
});

it('is sent by the job, which ends when it is told to', async () => {
  await outbox.post(outbox.dying());
  const sender = outbox.mailer(undefined);
  const job = startMailDelivery({ mailer: sender, logger: outbox.logger }, { firstAfter: 1, every: 5 });
  while ((await outbox.waiting()).length > 0);
  await job.stop();
  expect(await readdir(join(outbox.folder, 'mailbox'))).toHaveLength(1);
});
