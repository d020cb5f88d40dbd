import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { connect, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Duplex } from 'node:stream';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { RealClock } from '../../../server/clock/real-clock.ts';
import { createGateway } from '../../../server/gateway/gateway.ts';
import type { Listener } from '../../../server/gateway/listener.ts';
import { UnixUpstream } from '../../../server/gateway/upstream/unix-upstream.ts';

/** An engine that gives its connections away as dockerd does: what comes in goes out again in capitals, and then `bye`. */
function shoutingEngine(): Server {
  const server = createServer((req, res) => {
    if (req.url?.endsWith('/logs?follow=1')) {
      res.writeHead(200, { 'content-type': 'application/vnd.docker.raw-stream' });
      res.flushHeaders();
      res.on('close', () => server.emit('follower gone'));
      return;
    }
    res.writeHead(404, { 'content-type': 'application/json' }).end('{"message":"page not found"}\n');
  });
  server.on('upgrade', (req, socket: Duplex, head: Buffer) => {
    if (req.url?.includes('/missing/')) {
      socket.end('HTTP/1.1 404 Not Found\r\nContent-Length: 2\r\n\r\n{}');
      return;
    }
    const length = Number(req.headers['content-length'] ?? 0);
    socket.write('HTTP/1.1 101 UPGRADED\r\nContent-Type: application/vnd.docker.raw-stream\r\n');
    socket.write('Connection: Upgrade\r\nUpgrade: tcp\r\n\r\n');
    let skip = length;
    const shout = (chunk: Buffer) => {
      const rest = chunk.subarray(Math.min(skip, chunk.length));
      skip -= chunk.length - rest.length;
      if (rest.length > 0) socket.write(rest.toString().toUpperCase());
    };
    socket.on('data', shout).on('end', () => socket.end('bye'));
    if (head.length > 0) shout(head);
  });
  return server;
}

describe('a connection that is given to a container', () => {
  let folder: string;
  let engine: Server;
  let listener: Listener;

  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'gateway-'));
    engine = shoutingEngine();
    await new Promise<void>((resolve) => engine.listen(join(folder, 'engine.sock'), resolve));
    const upstream = new UnixUpstream(join(folder, 'engine.sock'));
    const guard = { home: '/home/vagrant', gatewaySocket: '/var/run/docker.sock' };
    const gateway = createGateway({ clock: new RealClock(), engine: upstream, swarm: undefined, guard });
    listener = await gateway.listen(join(folder, 'docker.sock'));
  });

  afterEach(async () => {
    await listener.close();
    engine.close();
    engine.closeAllConnections();
    rmSync(folder, { recursive: true });
  });

  /** Sends these bytes, then an end, and gives all that comes back. */
  function exchange(...writes: string[]): Promise<string> {
    return new Promise((resolve, reject) => {
      const socket: Socket = connect({ path: listener.path, allowHalfOpen: true });
      let received = '';
      socket.setEncoding('utf8').on('data', (text: string) => {
        received += text;
      });
      socket.on('end', () => resolve(received)).on('error', reject);
      for (const text of writes) socket.write(text);
      socket.end();
    });
  }

  const UPGRADE = 'Host: docker\r\nConnection: Upgrade\r\nUpgrade: tcp\r\n';

  test('attach: input may end long before the output', async () => {
    const received = await exchange(
      `POST /v1.45/containers/web/attach?stdin=1 HTTP/1.1\r\n${UPGRADE}\r\nhello `,
      'world ',
    );
    expect(received).toMatch(/^HTTP\/1\.1 101 UPGRADED\r\n/);
    expect(received).toMatch(/\r\n\r\nHELLO WORLD bye$/);
  });

  test('exec: the body comes first, then the input', async () => {
    const body = '{"Detach":false,"Tty":false}';
    const head = `POST /exec/abc/start HTTP/1.1\r\n${UPGRADE}Content-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n`;
    expect(await exchange(head, body, 'echo')).toMatch(/\r\n\r\nECHObye$/);
  });

  test('clients that ask for no upgrade get 200 and the same stream', async () => {
    const received = await exchange('POST /containers/web/attach HTTP/1.1\r\n', 'Host: docker\r\n', '\r\nhello');
    expect(received).toBe('HTTP/1.1 200 OK\r\nContent-Type: application/vnd.docker.raw-stream\r\n\r\nHELLObye');
  });

  test('a refusal of the engine is an ordinary answer', async () => {
    const received = await exchange(`POST /containers/missing/attach HTTP/1.1\r\n${UPGRADE}\r\n`);
    expect(received).toMatch(/^HTTP\/1\.1 404 Not Found\r\n/);
  });

  test('a refusal of the guard is an ordinary answer', async () => {
    const body = '{"Detach":false,"detach":true}';
    const type = 'Content-Type: application/json\r\n';
    const head = `POST /exec/abc/start HTTP/1.1\r\n${UPGRADE}${type}Content-Length: ${body.length}\r\n\r\n`;
    expect(await exchange(head, body)).toMatch(/^HTTP\/1\.1 400 Bad Request\r\n.*is there twice/s);
  });

  test('a follower gets its head at once, and its leaving reaches the engine', async () => {
    const gone = new Promise((resolve) => engine.once('follower gone', resolve));
    const socket = connect(listener.path);
    socket.write('GET /containers/web/logs?follow=1 HTTP/1.1\r\nHost: docker\r\n\r\n');
    const head = await new Promise<Buffer>((resolve) => socket.once('data', resolve));
    expect(head.toString()).toMatch(/^HTTP\/1\.1 200 OK\r\n/);
    socket.destroy();
    await gone;
  });
});
