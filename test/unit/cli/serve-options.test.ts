import { expect, test } from 'vitest';
import { parseServeOptions } from '../../../server/cli/serve-options.ts';

const DEFAULTS = { nodes: 'auto', orchestrator: 'builtin', port: '8080', host: '127.0.0.1' };

test('by default only this machine is let in', () => {
  expect(parseServeOptions(DEFAULTS)).toMatchObject({ host: '127.0.0.1', port: 8080, trustedProxy: [] });
});

test('other machines only over TLS, or through a proxy that is named', () => {
  for (const host of ['0.0.0.0', '::', '192.0.2.7', 'lab.example.org']) {
    expect(() => parseServeOptions({ ...DEFAULTS, host })).toThrow(/without encryption/);
    expect(parseServeOptions({ ...DEFAULTS, host, tls: 'cert.pem,key.pem' }).tls).toEqual({
      cert: 'cert.pem',
      key: 'key.pem',
    });
    expect(parseServeOptions({ ...DEFAULTS, host, publicUrl: 'https://lab.example.org' }).host).toBe(host);
  }
});

test('what makes no sense is refused as a wrong call', () => {
  const wrong = [
    { port: '0' },
    { port: '70000' },
    { port: 'x' },
    { tls: 'cert.pem' },
    { publicUrl: 'lab.example.org' },
  ];
  for (const options of wrong) {
    expect(() => parseServeOptions({ ...DEFAULTS, ...options })).toThrow(
      expect.objectContaining({ code: 'SL_USAGE', exitCode: 2 }),
    );
  }
});
