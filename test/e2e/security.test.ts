import { mkdtempSync, rmSync } from 'node:fs';
import { type ClientRequest, type IncomingMessage, request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { z } from 'zod';
import { TERMINAL_PROTOCOL } from '../../server/terminals/protocol.ts';
import { liveMessage } from '../../server/workspaces/view/live-message.ts';
import { freePort } from './support/free-port.ts';
import type { Served } from './support/served.ts';
import { startStandInServer } from './support/stand-in.ts';
import { StandInNodes } from './support/stand-in-nodes.ts';

let folder: string;
let nodes: StandInNodes;
let served: Served;
let cookie: string;
let workspace: string;
let terminal: string;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'sl-e2e-'));
  nodes = new StandInNodes(join(folder, 'nodes'));
  await nodes.start();
  served = await startStandInServer(folder, await freePort());
  const { headers } = await call('GET', new URL(served.signInLink).pathname);
  cookie = headers['set-cookie']?.[0]?.split(';')[0] ?? '';
  workspace = idOf(await call('POST', '/api/workspaces', { lab: 'tour' }));
  terminal = idOf(await call('POST', `/api/workspaces/${workspace}/terminals`, { node: 'master', cols: 80, rows: 24 }));
});

afterAll(async () => {
  await served.kill();
  await nodes.stop();
  rmSync(folder, { recursive: true, force: true });
});

interface Answer {
  status: number;
  headers: IncomingMessage['headers'];
  body: string;
}

/** Asks as the page does; `headers` replace what it would send. */
function call(method: string, path: string, body?: object, headers: Record<string, string> = {}): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const outgoing: ClientRequest = request(
      {
        host: '127.0.0.1',
        port: served.port,
        method,
        path,
        headers: {
          origin: served.origin,
          cookie: cookie ?? '',
          ...(body && { 'content-type': 'application/json' }),
          ...headers,
        },
      },
      (response) => {
        let text = '';
        response.on('data', (chunk: Buffer) => {
          text += chunk.toString();
        });
        response.on('end', () => resolve({ status: response.statusCode ?? 0, headers: response.headers, body: text }));
      },
    );
    outgoing.on('error', reject);
    outgoing.end(body && JSON.stringify(body));
  });
}

function idOf(answer: Answer): string {
  return z.object({ id: z.string() }).parse(JSON.parse(answer.body)).id;
}

async function ticket(): Promise<string> {
  const answer = await call('POST', `/api/workspaces/${workspace}/terminals/${terminal}/ticket`);
  return z.object({ ticket: z.string() }).parse(JSON.parse(answer.body)).ticket;
}

/** Opens a socket; resolves with `open` and the socket, or the status with which it was refused. */
function open(path: string, protocols: string[], headers: Record<string, string>): Promise<WebSocket | number> {
  return new Promise((resolve) => {
    const socket = new WebSocket(`${served.origin.replace('http', 'ws')}${path}`, protocols, { headers });
    socket.on('open', () => resolve(socket));
    socket.on('unexpected-response', (_request, response) => {
      socket.terminate();
      resolve(response.statusCode ?? 0);
    });
    socket.on('error', () => undefined);
  });
}

test('a terminal opens for its own page with a fresh ticket, and for nothing else', async () => {
  const own = { origin: served.origin, cookie };
  const protocols = async () => [TERMINAL_PROTOCOL, `ticket.${await ticket()}`];
  const refusals: [string, Promise<WebSocket | number>][] = [
    ['another origin', open('/api/terminal', await protocols(), { ...own, origin: 'http://evil.example' })],
    ['no origin', open('/api/terminal', await protocols(), { cookie })],
    ['another port', open('/api/terminal', await protocols(), { ...own, origin: 'http://127.0.0.1:1' })],
    ['another host', open('/api/terminal', await protocols(), { ...own, host: `evil.example:${served.port}` })],
    ['no cookie', open('/api/terminal', await protocols(), { origin: served.origin })],
    ['a made-up cookie', open('/api/terminal', await protocols(), { ...own, cookie: `swarmlab-${served.port}=x` })],
    ['no ticket', open('/api/terminal', [TERMINAL_PROTOCOL], own)],
    ['a made-up ticket', open('/api/terminal', [TERMINAL_PROTOCOL, 'ticket.made-up'], own)],
    ['a ticket in the address', open(`/api/terminal?ticket=${await ticket()}`, [TERMINAL_PROTOCOL], own)],
    [
      'the live view from elsewhere',
      open(`/api/workspaces/${workspace}/live`, [], { ...own, origin: 'http://evil.example' }),
    ],
    ['the live view without a cookie', open(`/api/workspaces/${workspace}/live`, [], { origin: served.origin })],
  ];
  for (const [what, opening] of refusals) expect([401, 403], what).toContain(await opening);

  const once = await protocols();
  const socket = await open('/api/terminal', once, own);
  expect(socket).toBeInstanceOf(WebSocket);
  expect(await open('/api/terminal', once, own)).toBe(403);
  if (socket instanceof WebSocket) {
    expect(socket.protocol).toBe(TERMINAL_PROTOCOL);
    socket.close();
  }
});

test('neither answers nor the live view hold anything of a solution', async () => {
  const messages: unknown[] = [];
  const socket = await open(`/api/workspaces/${workspace}/live`, [], { origin: served.origin, cookie });
  if (typeof socket === 'number') throw new Error(`the live view was refused with ${socket}`);
  socket.on('message', (data) => messages.push(liveMessage.parse(JSON.parse(data.toString()))));
  socket.send(JSON.stringify({ type: 'watch', step: 'hello' }));
  const answers = [
    await call('GET', '/api/labs'),
    await call('GET', `/api/workspaces/${workspace}`),
    await call('POST', `/api/workspaces/${workspace}/steps/hello/hints`),
    await call('PUT', `/api/workspaces/${workspace}/answers/capital`, { answer: ['Sun'] }),
    await call('GET', `/api/workspaces/${workspace}`),
  ];
  await expect.poll(() => messages.length).toBeGreaterThan(2);
  socket.close();
  const everything = answers.map((answer) => answer.body).join('\n') + JSON.stringify(messages);
  expect(everything).toContain('First hint.');
  expect(everything).not.toMatch(/SECRET-(?!BECAUSE)/);
});

test('a page elsewhere cannot change anything, and a rebound name sees nothing', async () => {
  expect((await call('POST', '/api/sign-out', undefined, { origin: 'http://evil.example' })).status).toBe(403);
  expect((await call('GET', '/api/labs', undefined, { host: `rebound.example:${served.port}` })).status).toBe(403);
  expect((await call('GET', '/', undefined, { host: `rebound.example:${served.port}` })).status).toBe(403);
  expect((await call('GET', '/api/labs', undefined, { cookie: '' })).status).toBe(401);
  expect((await call('GET', '/api/me')).status).toBe(200);
});

test('what a socket sends that is not of the protocol closes it, and the server goes on', async () => {
  const live = await open(`/api/workspaces/${workspace}/live`, [], { origin: served.origin, cookie });
  if (typeof live === 'number') throw new Error('refused');
  const closed = new Promise<number>((resolve) => live.on('close', resolve));
  live.send('{"type":"watch","step":"x","and":"more"}');
  expect(await closed).toBe(1008);
  expect((await call('GET', '/api/me')).status).toBe(200);
});

test('the server prints no session, and its link is used up after the first time', async () => {
  expect(served.output).not.toContain(cookie.split('=')[1]);
  const again = await call('GET', new URL(served.signInLink).pathname, undefined, { cookie: '' });
  expect(again.headers.location).toBe('/?sign-in=failed');
});

test('a port that is taken is told with a code', async () => {
  await expect(startStandInServer(folder, served.port)).rejects.toThrow('SL_PORT_IN_USE');
});
