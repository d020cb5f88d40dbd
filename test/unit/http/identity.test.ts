import { afterEach, beforeEach, expect, test } from 'vitest';
import { VirtualClock } from '../../../server/clock/virtual-clock.ts';
import { clearCookie, cookiePolicy, readCookie, setCookie } from '../../../server/http/identity/cookie.ts';
import { Identity } from '../../../server/http/identity/identity.ts';
import { type Database, openDatabase } from '../../../server/workspaces/database/database.ts';

let clock: VirtualClock;
let database: Database;
let identity: Identity;

beforeEach(async () => {
  clock = new VirtualClock();
  database = await openDatabase(':memory:');
  identity = new Identity(database, clock);
});
afterEach(() => database.destroy());

test('a link signs in once, and the session says who it is', async () => {
  const user = await identity.singleUser();
  const link = await identity.newSignInToken(user);
  const session = await identity.signIn(link);
  expect(session).toBeDefined();
  expect(await identity.userOf(session ?? '')).toEqual({ id: 'single', role: 'single', name: 'student' });
  expect(await identity.signIn(link)).toBeUndefined();
});

test('a new link makes the one before void, and each lasts a day', async () => {
  const user = await identity.singleUser();
  const first = await identity.newSignInToken(user);
  const second = await identity.newSignInToken(user);
  expect(await identity.signIn(first)).toBeUndefined();
  await clock.advance(24 * 60 * 60_000);
  expect(await identity.signIn(second)).toBeUndefined();
});

test('a session ends when it is signed out of, and after thirty days', async () => {
  const user = await identity.singleUser();
  const signIn = async () => (await identity.signIn(await identity.newSignInToken(user))) ?? '';
  const left = await signIn();
  await identity.signOut(left);
  expect(await identity.userOf(left)).toBeUndefined();
  const old = await signIn();
  await clock.advance(30 * 24 * 60 * 60_000);
  expect(await identity.userOf(old)).toBeUndefined();
});

test('the database keeps digests and no tokens', async () => {
  const user = await identity.singleUser();
  const link = await identity.newSignInToken(user);
  const session = (await identity.signIn(link)) ?? '';
  const rows = JSON.stringify([
    await database.selectFrom('sign_in_links').selectAll().execute(),
    await database.selectFrom('sessions').selectAll().execute(),
  ]);
  expect(rows).not.toContain(link);
  expect(rows).not.toContain(session);
});

test('cookies are strict, and each server has its own', () => {
  const policy = cookiePolicy(8080, false);
  expect(setCookie(policy, 'abc')).toBe('swarmlab-8080=abc; Path=/; HttpOnly; SameSite=Strict; Max-Age=2592000');
  expect(setCookie(cookiePolicy(443, true), 'abc')).toMatch(/^__Host-swarmlab-443=abc; .*; Secure$/);
  expect(clearCookie(policy)).toContain('Max-Age=0');
  expect(readCookie(policy, 'other=1; swarmlab-8080=abc; swarmlab-8081=def')).toBe('abc');
  expect(readCookie(policy, 'swarmlab-8080=abc; swarmlab-8080=planted')).toBeUndefined();
  expect(readCookie(policy, undefined)).toBeUndefined();
});
