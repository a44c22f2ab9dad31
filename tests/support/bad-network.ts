import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';

/** The network between the application and its database, with all that can happen in it. */
export interface BadNetwork {
  /** The address of the same database, through it. */
  through(url: string): string;
  /** The next message of a client that holds the text still arrives; its answer doesn't, the connection is cut instead. */
  loseAnswerTo(text: string): void;
  /** How many answers were lost. */
  readonly lost: number;
  /** Nothing passes any more, on connections that are open and on new ones, and nobody is told. */
  freeze(): void;
  thaw(): void;
  close(): Promise<void>;
}

export async function startBadNetwork(url: string): Promise<BadNetwork> {
  const { hostname, port } = new URL(url);
  const pairs = new Set<readonly [Socket, Socket]>();
  const state = { loseAnswerTo: undefined as string | undefined, lost: 0, frozen: false };

  const server = createServer((client) => {
    const database = connect(Number(port), hostname);
    const pair = [client, database] as const;
    const end = (): void => {
      pairs.delete(pair);
      client.destroy();
      database.destroy();
    };
    let deaf = false;
    client.on('data', (chunk) => {
      if (state.loseAnswerTo !== undefined && chunk.includes(state.loseAnswerTo)) {
        state.loseAnswerTo = undefined;
        deaf = true;
      }
      if (!state.frozen) database.write(chunk);
    });
    database.on('data', (chunk) => {
      if (state.frozen) return;
      if (!deaf) {
        client.write(chunk);
        return;
      }
      state.lost++;
      end();
    });
    for (const socket of pair) socket.on('close', end).on('error', end);
    pairs.add(pair);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');

  return {
    through: (address) => {
      const other = new URL(address);
      other.host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
      return other.toString();
    },
    loseAnswerTo: (text) => {
      state.loseAnswerTo = text;
    },
    get lost() {
      return state.lost;
    },
    freeze: () => {
      state.frozen = true;
    },
    thaw: () => {
      state.frozen = false;
    },
    close: async () => {
      server.close();
      for (const [client] of pairs) client.destroy();
      await once(server, 'close');
    },
  };
}
