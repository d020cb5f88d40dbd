import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { FastifyInstance } from 'fastify';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { VirtualClock } from '../../../server/clock/virtual-clock.ts';
import { createHttpServer } from '../../../server/http/http-server.ts';
import { Identity } from '../../../server/http/identity/identity.ts';
import { ROUTES as SERVER_ROUTES } from '../../../server/http/routes/routes.ts';
import { parseLab } from '../../../server/labs/parse-lab.ts';
import { type Database, openDatabase } from '../../../server/workspaces/database/database.ts';
import { WorkspaceStore } from '../../../server/workspaces/workspace-store.ts';
import { Workspaces } from '../../../server/workspaces/workspaces.ts';
import { SECRET_LAB } from '../workspaces/secret-lab.ts';
import { StandInDoor, standInGrading } from '../workspaces/stand-in-door.ts';

const HOST = '127.0.0.1:8080';
const ORIGIN = `http://${HOST}`;

let page: string;
let clock: VirtualClock;
let database: Database;
let identity: Identity;
let workspaces: Workspaces;
let server: FastifyInstance;

beforeEach(async () => {
  page = mkdtempSync(join(tmpdir(), 'sl-page-'));
  writeFileSync(join(page, 'index.html'), '<!doctype html>the page');
  clock = new VirtualClock();
  database = await openDatabase(':memory:');
  identity = new Identity(database, clock);
  workspaces = new Workspaces({
    clock,
    store: new WorkspaceStore(database, clock),
    door: new StandInDoor(),
    gradingFace: (cluster) => standInGrading(cluster, clock),
    labs: {
      names: async () => ['secret'],
      load: async () => {
        const { lab } = parseLab(SECRET_LAB, 'secret.md');
        if (lab === undefined) throw new Error('the lab of this test is wrong');
        return lab;
      },
    },
  });
  server = await createHttpServer({
    host: '127.0.0.1',
    port: 8080,
    trustedProxies: [],
    page,
    clock,
    identity,
    workspaces,
  });
});

afterEach(async () => {
  await server.close();
  await workspaces.close();
  await database.destroy();
  rmSync(page, { recursive: true });
});

async function signIn(): Promise<string> {
  const token = await identity.newSignInToken(await identity.singleUser());
  const answer = await server.inject({ url: `/sign-in/${token}`, headers: { host: HOST } });
  return String(answer.headers['set-cookie']).split(';')[0] ?? '';
}

type Method = 'GET' | 'POST' | 'PUT' | 'DELETE';

/** Asks as the page does, unless told otherwise. */
function ask(
  method: Method,
  url: string,
  cookie: string,
  options: { body?: object; headers?: Record<string, string> } = {},
) {
  return server.inject({
    method,
    url,
    headers: { host: HOST, origin: ORIGIN, cookie, ...options.headers },
    ...(options.body && { payload: options.body }),
  });
}

/** Every route that needs somebody to be signed in. */
const ROUTES: readonly [Method, string][] = [
  ['GET', '/api/me'],
  ['POST', '/api/sign-out'],
  ['GET', '/api/labs'],
  ['POST', '/api/workspaces'],
  ['GET', '/api/workspaces/abc'],
  ['DELETE', '/api/workspaces/abc'],
  ['POST', '/api/workspaces/abc/reset'],
  ['PUT', '/api/workspaces/abc/language'],
  ['POST', '/api/workspaces/abc/cluster'],
  ['POST', '/api/workspaces/abc/steps/one/check'],
  ['POST', '/api/workspaces/abc/steps/one/hints'],
  ['PUT', '/api/workspaces/abc/answers/one'],
  ['POST', '/api/workspaces/abc/questions/one/judgements'],
  ['DELETE', '/api/workspaces/abc/questions/one/judgements'],
  ['POST', '/api/workspaces/abc/terminals'],
  ['DELETE', '/api/workspaces/abc/terminals/def'],
  ['POST', '/api/workspaces/abc/terminals/def/ticket'],
  ['GET', '/api/workspaces/abc/live'],
  ['GET', '/api/terminal'],
  ['GET', '/api/workspaces/abc/nodes/master/files'],
  ['GET', '/api/workspaces/abc/nodes/master/files/content?path=a'],
  ['PUT', '/api/workspaces/abc/nodes/master/files/content?path=a'],
  ['DELETE', '/api/workspaces/abc/nodes/master/files/content?path=a'],
  ['POST', '/api/workspaces/abc/nodes/master/files/folders'],
  ['POST', '/api/workspaces/abc/nodes/master/files/moves'],
  ['GET', '/api/workspaces/abc/tasks/def/explanation'],
];

describe.each(ROUTES)('%s %s', (method, url) => {
  test('is refused without a session', async () => {
    for (const cookie of ['', 'swarmlab-8080=made-up']) {
      const answer = await ask(method, url, cookie);
      expect(answer.statusCode).toBe(401);
      expect(answer.json().code).toBe('SL_NOT_SIGNED_IN');
    }
  });

  test('is refused from another page and under another name, session or not', async () => {
    const cookie = await signIn();
    const foreign: Record<string, string>[] = [
      { origin: 'http://evil.example' },
      { origin: `${ORIGIN}.evil.example` },
      { host: 'evil.example:8080', origin: 'http://evil.example:8080' },
    ];
    for (const headers of foreign) {
      const answer = await ask(method, url, cookie, { headers });
      expect(answer.statusCode).toBe(403);
      expect(answer.json().code).toBe('SL_FORBIDDEN');
    }
  });
});

test('the list of routes above is all there is', () => {
  expect(ROUTES).toHaveLength(SERVER_ROUTES.length);
});

test('a sign-in link works once, leads away from its token, and too many tries are slowed down', async () => {
  const token = await identity.newSignInToken(await identity.singleUser());
  const first = await server.inject({ url: `/sign-in/${token}`, headers: { host: HOST } });
  expect(first.statusCode).toBe(303);
  expect(first.headers.location).toBe('/');
  expect(first.headers['set-cookie']).toMatch(/HttpOnly; SameSite=Strict/);
  const second = await server.inject({ url: `/sign-in/${token}`, headers: { host: HOST } });
  expect(second.headers['set-cookie']).toBeUndefined();
  expect(second.headers.location).toBe('/?sign-in=failed');
  const tries = await Promise.all(
    Array.from({ length: 12 }, (_, index) => server.inject({ url: `/sign-in/guess${index}`, headers: { host: HOST } })),
  );
  expect(tries.some((answer) => answer.statusCode === 429)).toBe(true);
});

test('signing out ends the session', async () => {
  const cookie = await signIn();
  expect((await ask('GET', '/api/me', cookie)).json()).toEqual({ name: 'student', role: 'single' });
  expect((await ask('POST', '/api/sign-out', cookie)).statusCode).toBe(204);
  expect((await ask('GET', '/api/me', cookie)).statusCode).toBe(401);
});

test('every answer forbids framing, foreign scripts and guessing of types', async () => {
  for (const url of ['/', '/labs/abc', '/api/me', '/no/such/page']) {
    const { headers } = await server.inject({ url, headers: { host: HOST } });
    expect(headers['content-security-policy']).toContain("default-src 'none'");
    expect(headers['content-security-policy']).toContain("script-src 'self';");
    expect(headers['content-security-policy']).toContain("frame-ancestors 'none'");
    expect(headers['x-content-type-options']).toBe('nosniff');
    expect(headers['referrer-policy']).toBe('no-referrer');
  }
});

test('no answer has a solution, a wrong solution, a right answer, a check or a hint that was not asked for', async () => {
  const cookie = await signIn();
  const { id } = (await ask('POST', '/api/workspaces', cookie, { body: { lab: 'secret' } })).json();
  const answers = [
    await ask('GET', '/api/labs', cookie),
    await ask('GET', `/api/workspaces/${id}`, cookie),
    await ask('POST', `/api/workspaces/${id}/steps/first/hints`, cookie),
    await ask('PUT', `/api/workspaces/${id}/answers/planet`, cookie, { body: { answer: ['Sun'] } }),
    await ask('GET', `/api/workspaces/${id}`, cookie),
  ];
  expect(answers.map((answer) => answer.statusCode)).toEqual([200, 200, 200, 204, 200]);
  const everything = answers.map((answer) => answer.body).join('\n');
  expect(everything).toContain('First hint.');
  expect(everything).not.toContain('SECRET');
});

test('what is too large or not as it should be is refused with a code', async () => {
  const cookie = await signIn();
  const large = await ask('POST', '/api/workspaces', cookie, { body: { lab: 'x'.repeat(70_000) } });
  expect(large.statusCode).toBe(413);
  const wrong: object[] = [{}, { lab: 3 }, { lab: '../../etc/passwd' }, { lab: 'secret', extra: true }];
  for (const body of wrong) {
    const answer = await ask('POST', '/api/workspaces', cookie, { body });
    expect(answer.statusCode).toBe(400);
    expect(answer.json().code).toBe('SL_USAGE');
  }
});

test('a workspace of somebody else does not exist', async () => {
  const cookie = await signIn();
  const { id } = (await ask('POST', '/api/workspaces', cookie, { body: { lab: 'secret' } })).json();
  await database.insertInto('users').values({ id: 'other', role: 'student', name: 'other', created_at: 0 }).execute();
  await expect(workspaces.get('other', id)).rejects.toMatchObject({ code: 'SL_WORKSPACE_NOT_FOUND' });
});

test('changes are limited in number', async () => {
  const cookie = await signIn();
  const answers = [];
  for (let times = 0; times < 70; times++) answers.push(await ask('POST', '/api/workspaces/none/reset', cookie));
  expect(answers.at(0)?.statusCode).toBe(404);
  expect(answers.at(-1)?.statusCode).toBe(429);
});
