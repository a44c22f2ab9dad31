import { type AddressInfo, createServer, type Socket } from 'node:net';
import type { Readable } from 'node:stream';
import { text as textOf } from 'node:stream/consumers';
import { SMTPServer, type SMTPServerSession } from 'smtp-server';

export type Trouble = 'none' | 'full disk' | 'unknown address' | 'no such sender' | 'no relaying' | 'no login' | 'full mailbox';
const refusal = (responseCode: number, words: string): Error => Object.assign(new Error(words), { responseCode });
const TO_ADDRESSES: Partial<Record<Trouble, Error>> = {
  'unknown address': refusal(550, 'ada@example.com is nobody'),
  'no relaying': refusal(550, '5.7.1 no relaying for ada@example.com'),
  'no login': refusal(530, 'sign in first'),
  'full mailbox': refusal(552, '5.2.2 ada@example.com has no room'),
};
/** A mail server that keeps what it gets, or says why it can't. */
export async function mailServer(trouble: Trouble = 'none') {
  const taken: Array<{ from: string; to: string[]; raw: string }> = [];
  const state = { trouble, logins: 0 };
  const take = async (stream: Readable, { envelope: { mailFrom, rcptTo } }: SMTPServerSession): Promise<void> => {
    const raw = await textOf(stream);
    if (state.trouble === 'none') taken.push({ from: mailFrom ? mailFrom.address : '', to: rcptTo.map(({ address }) => address), raw });
  };
  const server = new SMTPServer({
    authOptional: true,
    allowInsecureAuth: true,
    disabledCommands: ['STARTTLS'],
    onAuth: ({ username }, _session, done) => {
      state.logins++;
      done(null, { user: username });
    },
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

/** Never silent for long enough to be given up for it, and never done. */
export async function tricklingServer() {
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
