import { Resolver } from 'node:dns/promises';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { DnsServer } from '../../../server/agent/network/dns/dns-server.ts';
import { DnsForwarder } from '../../../server/agent/network/dns/forwarder.ts';
import { NO_ERROR, TYPE_A } from '../../../server/agent/network/dns/message.ts';
import { pointToNameServer } from '../../../server/agent/network/dns/resolver-file.ts';
import { VirtualClock } from '../../../server/clock/virtual-clock.ts';

const closing: (() => Promise<void> | void)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

async function serve(addresses: string[]): Promise<Resolver> {
  const server = new DnsServer({
    address: '127.0.0.1',
    forwarder: new DnsForwarder(new VirtualClock(), []),
    answer: async ({ name }) =>
      name === 'tasks.web'
        ? { code: NO_ERROR, answers: addresses.map((address) => ({ type: TYPE_A, address })), ttl: 600 }
        : undefined,
    log: () => {},
  });
  const { port } = await server.listen(0);
  closing.push(() => server.close());
  const resolver = new Resolver();
  resolver.setServers([`127.0.0.1:${port}`]);
  return resolver;
}

test('names are answered, and unknown ones refused at once where there is nobody else to ask', async () => {
  const resolver = await serve(['10.0.1.3', '10.0.1.4']);
  expect(await resolver.resolve4('tasks.web')).toEqual(['10.0.1.3', '10.0.1.4']);
  await expect(resolver.resolve4('nope.example')).rejects.toMatchObject({ code: 'ENOTFOUND' });
});

test('more addresses than a datagram holds come over TCP', async () => {
  const addresses = Array.from({ length: 200 }, (_, index) => `10.0.1.${index + 1}`);
  const resolver = await serve(addresses);
  expect(await resolver.resolve4('tasks.web')).toEqual(addresses);
});

test('the node asks its own name server, which goes on asking whom the node asked before', () => {
  const folder = mkdtempSync(join(tmpdir(), 'resolver-'));
  closing.push(() => rmSync(folder, { recursive: true }));
  const file = join(folder, 'resolv.conf');
  writeFileSync(file, 'search lan\nnameserver 127.0.0.11\noptions ndots:0\n');
  expect(pointToNameServer(file, '10.10.10.100')).toEqual(['127.0.0.11']);
  const text = readFileSync(file, 'utf8');
  expect(text).toContain('nameserver 10.10.10.100\n');
  expect(text).not.toContain('ndots');
  expect(pointToNameServer(file, '10.10.10.100')).toEqual(['127.0.0.11']);
  expect(readFileSync(file, 'utf8')).toBe(text);
});
