import { describe, expect, test } from 'vitest';
import { publicAddress, refusal } from '../../../server/http/origin.ts';

const local = publicAddress({ host: '127.0.0.1', port: 8080, tls: false });
const get = (headers: Record<string, string>) => refusal({ method: 'GET', headers, upgrade: false }, local);
const post = (headers: Record<string, string>) => refusal({ method: 'POST', headers, upgrade: false }, local);
const upgrade = (headers: Record<string, string>) => refusal({ method: 'GET', headers, upgrade: true }, local);

describe('a server on loopback', () => {
  test.each(['127.0.0.1:8080', 'localhost:8080', '[::1]:8080', 'LOCALHOST:8080'])('answers as %s', (host) => {
    expect(get({ host })).toBeUndefined();
  });

  test.each([
    '127.0.0.1',
    'evil.example:8080',
    'localhost:8081',
    'localhost.evil.example:8080',
    '',
    'localhost:8080.evil.example',
  ])('does not answer as "%s": another name was made to point here', (host) => {
    expect(get({ host })).toBeDefined();
  });

  test('does not answer without a Host', () => {
    expect(get({})).toBeDefined();
  });

  test('changes nothing and opens no socket without an Origin', () => {
    expect(post({ host: 'localhost:8080' })).toBeDefined();
    expect(upgrade({ host: 'localhost:8080' })).toBeDefined();
  });

  test.each([
    'http://evil.example',
    'http://localhost:8081',
    'https://localhost:8080',
    'http://localhost:8080.evil.example',
    'http://evil-localhost:8080',
    'http://127.0.0.1',
    'null',
    'file://',
    'http://localhost:8080/',
  ])('refuses the origin %s', (origin) => {
    expect(get({ host: 'localhost:8080', origin })).toBeDefined();
    expect(post({ host: 'localhost:8080', origin })).toBeDefined();
    expect(upgrade({ host: 'localhost:8080', origin })).toBeDefined();
  });

  test('takes requests from its own page', () => {
    const own = { host: 'localhost:8080', origin: 'http://localhost:8080' };
    expect(post(own)).toBeUndefined();
    expect(upgrade(own)).toBeUndefined();
  });

  test('refuses what another site fetches or embeds, but can be linked to', () => {
    const host = 'localhost:8080';
    expect(get({ host, 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'no-cors' })).toBeDefined();
    expect(get({ host, 'sec-fetch-site': 'same-site', 'sec-fetch-mode': 'cors' })).toBeDefined();
    expect(get({ host, 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'navigate' })).toBeUndefined();
    expect(get({ host, 'sec-fetch-site': 'none', 'sec-fetch-mode': 'navigate' })).toBeUndefined();
  });
});

test('behind a proxy it answers under the public name, and under its own to the proxy', () => {
  const address = publicAddress({ host: '127.0.0.1', port: 8080, tls: false, publicUrl: 'https://lab.example.org/' });
  const headers = { host: 'lab.example.org', origin: 'https://lab.example.org' };
  expect(refusal({ method: 'POST', headers, upgrade: false }, address)).toBeUndefined();
  const other = { host: 'lab.example.org', origin: 'http://lab.example.org' };
  expect(refusal({ method: 'POST', headers: other, upgrade: false }, address)).toBeDefined();
});

test('on every address of the machine it has to be told its name', () => {
  expect(() => publicAddress({ host: '0.0.0.0', port: 443, tls: true })).toThrow(/no name of its own/);
  const address = publicAddress({ host: '0.0.0.0', port: 443, tls: true, publicUrl: 'https://lab.example.org' });
  expect([...address.hosts]).toEqual(['lab.example.org']);
});
