import type { AddressInfo } from 'node:net';
import { connect } from 'node:net';
import request from 'supertest';
import { createLimitedServer } from '../../src/http/server/server-limits';
import { as, testApp } from './support';
import { things } from './things';

describe('uploads', () => {
  const setUpUpload = () => {
    const { app } = testApp(things().endpoints);
    return {
      app,
      upload: (body: string, type = 'text/csv') =>
        request(app).post('/api/v1/upload').set(as('admin')).set('Content-Type', type).send(body),
    };
  };

  test('are answered line by line', async () => {
    const { upload } = setUpUpload();
    const { text, headers } = await upload('a,b,c')
      .buffer(true)
      .parse((res, done) => {
        let all = '';
        res.on('data', (chunk: Buffer) => (all += chunk.toString()));
        res.on('end', () => done(null, all));
      })
      .expect(200)
      .then((response) => ({ text: response.body as string, headers: response.headers }));
    expect(text).toBe('{"bytes":5}\n');
    expect(headers['content-type']).toBe('application/x-ndjson; charset=utf-8');
  });

  test('of another type, encoding or size are refused before a line is written', async () => {
    const { app, upload } = setUpUpload();
    await upload('{}', 'application/json').expect(415);
    await request(app)
      .post('/api/v1/upload')
      .set(as('admin'))
      .set('Content-Type', 'text/csv')
      .set('Content-Encoding', 'br')
      .send('x')
      .expect(415);
    await upload('x'.repeat(1001)).expect(413);
    await request(app).post('/api/v1/upload').send('x').expect(401);
  });

  test('that grow too large without saying so are cut off, with an answer', async () => {
    const { app } = setUpUpload();
    const server = createLimitedServer(app).listen(0);
    try {
      const { port } = server.address() as AddressInfo;
      const chunks = async function* () {
        for (let index = 0; index < 3; index++) {
          yield 'x'.repeat(400);
          await new Promise((resolve) => setTimeout(resolve, 20));
        }
      };
      const response = await fetch(`http://127.0.0.1:${port}/api/v1/upload`, {
        method: 'POST',
        headers: { ...as('admin'), 'Content-Type': 'text/csv' },
        body: chunks(),
        duplex: 'half',
      } as unknown as RequestInit);
      const lines = (await response.text()).trim().split('\n');
      expect(response.status).toBe(200);
      expect(JSON.parse(lines.at(-1)!)).toMatchObject({ error: { code: 'PAYLOAD_TOO_LARGE', details: { limit: 1000 } } });
    } finally {
      server.closeAllConnections();
      server.close();
    }
  });

  test('of a client that hangs up end quietly', async () => {
    const { app, log } = testApp(things().endpoints);
    const server = createLimitedServer(app).listen(0);
    try {
      const { port } = server.address() as AddressInfo;
      const socket = connect(port, '127.0.0.1', () => {
        socket.write(
          'POST /api/v1/upload HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer admin\r\nContent-Type: text/csv\r\nContent-Length: 500\r\n\r\nabc',
        );
        setTimeout(() => socket.destroy(), 50);
      });
      await new Promise((resolve) => setTimeout(resolve, 200));
      expect(log.lines.filter(({ level }) => level === 'error')).toEqual([]);
    } finally {
      server.closeAllConnections();
      server.close();
    }
  });

  test('that take too long are ended', async () => {
    const { app } = setUpUpload();
    const server = createLimitedServer(app).listen(0);
    try {
      const { port } = server.address() as AddressInfo;
      const answer = await new Promise<string>((resolve) => {
        const socket = connect(port, '127.0.0.1', () =>
          socket.write(
            'POST /api/v1/upload HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer admin\r\nContent-Type: text/csv\r\nContent-Length: 500\r\n\r\n',
          ),
        );
        socket.on('data', (data) => {
          resolve(data.toString());
          socket.destroy();
        });
      });
      expect(answer).toMatch(/^HTTP\/1.1 408 /);
      expect(answer).toContain('REQUEST_TIMEOUT');
    } finally {
      server.closeAllConnections();
      server.close();
    }
  });
});
