import { connect, type Socket } from 'node:net';

export interface Answer {
  readonly status: number;
  /** Status line and headers as they were sent. */
  readonly head: string;
  readonly body: Buffer;
}

const HEADER_END = Buffer.from('\r\n\r\n');
const LAST_CHUNK = Buffer.from('0\r\n\r\n');

/**
 * One keep-alive HTTP/1.1 connection with one request under way at a time. It knows as little of the protocol as an answer's end needs,
 * because what the generator of the load spends is taken from the processors of what is measured.
 */
export class Connection {
  private received: Buffer = Buffer.alloc(0);
  private waiting: { resolve: (answer: Answer) => void; reject: (error: Error) => void } | undefined;

  private constructor(private readonly socket: Socket) {
    socket.setNoDelay(true);
    socket.on('data', (chunk) => this.take(chunk));
    socket.on('error', (error) => this.fail(error));
    socket.on('close', () => this.fail(new Error('the connection was closed')));
  }

  static open(port: number): Promise<Connection> {
    return new Promise((resolve, reject) => {
      const socket = connect(port, '127.0.0.1', () => resolve(new Connection(socket)));
      socket.once('error', reject);
    });
  }

  request(text: string): Promise<Answer> {
    return new Promise((resolve, reject) => {
      this.waiting = { resolve, reject };
      this.socket.write(text);
    });
  }

  close(): void {
    this.socket.destroy();
  }

  private take(chunk: Buffer): void {
    this.received = this.received.length === 0 ? chunk : Buffer.concat([this.received, chunk]);
    const headerEnd = this.received.indexOf(HEADER_END);
    if (headerEnd === -1) return;
    const head = this.received.toString('latin1', 0, headerEnd);
    const start = headerEnd + HEADER_END.length;
    const status = Number(head.slice(9, 12));
    const [, length] = /\ncontent-length: *(\d+)/i.exec(head) ?? [];
    if (length !== undefined || status === 204 || status === 304) {
      if (this.received.length >= start + Number(length ?? 0)) this.answer(status, head, start);
    } else if (this.received.subarray(-LAST_CHUNK.length).equals(LAST_CHUNK)) this.answer(status, head, start);
  }

  private answer(status: number, head: string, start: number): void {
    const body = this.received.subarray(start);
    this.received = Buffer.alloc(0);
    this.waiting?.resolve({ status, head, body });
    this.waiting = undefined;
  }

  private fail(error: Error): void {
    this.waiting?.reject(error);
    this.waiting = undefined;
  }
}
