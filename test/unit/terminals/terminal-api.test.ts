import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { VirtualClock } from '../../../server/clock/virtual-clock.ts';
import { decodeOutput, serverMessage, TERMINAL_PROTOCOL } from '../../../server/terminals/protocol.ts';
import { TerminalApi } from '../../../server/terminals/terminal-api.ts';
import { TerminalHost } from '../../../server/terminals/terminal-host.ts';
import { toBytes } from '../../../server/terminals/terminal-socket.ts';
import { FakePty } from './fake-pty.ts';

let folder: string;
let socketPath: string;
let ptys: FakePty[];
let stop: () => Promise<void>;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'swarmlab-terminals-'));
  socketPath = join(folder, 'agent.sock');
  ptys = [];
  const host = new TerminalHost({
    clock: new VirtualClock(),
    spawn: () => {
      const pty = new FakePty();
      ptys.push(pty);
      return pty;
    },
  });
  const api = new TerminalApi(host);
  const server = createServer((incoming, response) => {
    if (!api.handle(incoming, response)) response.writeHead(404).end();
  });
  server.on('upgrade', (incoming, socket, head) => api.upgrade(incoming, socket, head));
  await new Promise<void>((resolve) => server.listen(socketPath, resolve));
  stop = async () => {
    host.dispose();
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
    rmSync(folder, { recursive: true });
  };
});

afterEach(() => stop());

function call(method: string, path: string, body?: unknown): Promise<{ status: number; body: unknown }> {
  return new Promise((resolve, reject) => {
    const outgoing = request({ socketPath, method, path }, (response) => {
      let text = '';
      response.setEncoding('utf8');
      response.on('data', (chunk: string) => {
        text += chunk;
      });
      response.on('end', () =>
        resolve({ status: response.statusCode ?? 0, body: text === '' ? undefined : JSON.parse(text) }),
      );
    });
    outgoing.on('error', reject);
    outgoing.end(body === undefined ? undefined : JSON.stringify(body));
  });
}

async function makeTerminal(): Promise<string> {
  const { body } = await call('POST', '/v0/terminals', { cols: 80, rows: 24 });
  return String((body as { id: unknown }).id);
}

/** Connects and collects; `next` gives the next message of any kind. */
function connect(path: string) {
  const socket = new WebSocket(`ws+unix://${socketPath}:${path}`, TERMINAL_PROTOCOL);
  const arrived: unknown[] = [];
  const waiting: ((message: unknown) => void)[] = [];
  socket.on('message', (data, binary) => {
    const bytes = toBytes(data);
    const output = binary ? decodeOutput(bytes) : undefined;
    const message = output
      ? { from: output.sequence, text: Buffer.from(output.bytes).toString() }
      : serverMessage.parse(JSON.parse(bytes.toString()));
    const taker = waiting.shift();
    if (taker) taker(message);
    else arrived.push(message);
  });
  const next = () =>
    arrived.length > 0 ? Promise.resolve(arrived.shift()) : new Promise((resolve) => waiting.push(resolve));
  const closed = new Promise<number>((resolve) => socket.on('close', resolve));
  const opened = new Promise<boolean>((resolve) => {
    socket.on('open', () => resolve(true));
    socket.on('error', () => resolve(false));
  });
  return { socket, next, closed, opened };
}

test('a terminal is made, shown, typed into, resized and removed over the agent socket', async () => {
  const id = await makeTerminal();
  const [pty] = ptys;
  pty?.print('vagrant@master:~$ ');
  const viewer = connect(`/v0/terminals/${id}?from=8`);
  expect(await viewer.next()).toEqual({ type: 'hello', sequence: 18, cols: 80, rows: 24 });
  expect(await viewer.next()).toEqual({ from: 8, text: 'master:~$ ' });
  viewer.socket.send(Buffer.from('ls\r'), { binary: true });
  viewer.socket.send(JSON.stringify({ type: 'resize', cols: 120, rows: 40 }));
  expect(await viewer.next()).toEqual({ type: 'size', cols: 120, rows: 40 });
  expect(pty?.written).toBe('ls\r');
  expect(await call('GET', '/v0/terminals')).toEqual({
    status: 200,
    body: [{ id, cols: 120, rows: 40, sequence: 18, viewers: 1 }],
  });
  viewer.socket.close();
  expect((await call('DELETE', `/v0/terminals/${id}`)).status).toBe(204);
  expect(pty?.killed).toBe(true);
  expect((await call('DELETE', `/v0/terminals/${id}`)).status).toBe(404);
});

test('a message that is not of the protocol closes the socket and leaves the shell alone', async () => {
  const id = await makeTerminal();
  for (const bad of ['no json', '{"type":"resize","cols":1,"rows":-4}', '{"type":"ack"}', '{"type":"kill"}']) {
    const viewer = connect(`/v0/terminals/${id}`);
    await viewer.opened;
    viewer.socket.send(bad);
    expect(await viewer.closed).toBe(1008);
  }
  expect(ptys[0]?.killed).toBe(false);
});

test('a socket for a terminal that is not there, or from a place that is no number, is refused', async () => {
  const id = await makeTerminal();
  expect(await connect('/v0/terminals/nosuch').opened).toBe(false);
  expect(await connect(`/v0/terminals/${id}?from=-1`).opened).toBe(false);
  expect(await connect(`/v0/terminals/${id}?from=x`).opened).toBe(false);
});

test('bodies are checked, and a node keeps sixteen shells at the most', async () => {
  expect((await call('POST', '/v0/terminals', { cols: 1e9, rows: 24 })).status).toBe(400);
  expect((await call('POST', '/v0/terminals', { cols: 80, rows: 24, shell: '/bin/sh' })).status).toBe(400);
  for (let times = 0; times < 16; times++) await makeTerminal();
  expect(await call('POST', '/v0/terminals', { cols: 80, rows: 24 })).toMatchObject({
    status: 409,
    body: { code: 'SL_TERMINAL_LIMIT' },
  });
  ptys[3]?.exit(0);
  expect((await call('POST', '/v0/terminals', { cols: 80, rows: 24 })).status).toBe(201);
});
