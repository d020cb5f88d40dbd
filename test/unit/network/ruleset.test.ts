import { expect, test } from 'vitest';
import { formatRuleset, removeRuleset } from '../../../server/agent/network/ruleset.ts';
import { INGRESS, networkState, type TestOverlay, type TestTask } from './fake-node.ts';

const FRONT: TestOverlay = {
  ...{ name: 'front', prefix: '10.0.1', vni: 4097, nodes: { a: 10, b: 11 } },
  services: { web: { vip: '10.0.1.2' }, rr: {} },
};
const INNER: TestOverlay = { name: 'inner', prefix: '10.0.3', vni: 4099, nodes: { a: 10 }, spec: { Internal: true } };
const TASKS: TestTask[] = [
  { id: 't1', node: 'a', service: 'web', on: { front: '10.0.1.3', ingress: '10.0.0.6' } },
  { id: 't2', node: 'b', service: 'web', on: { front: '10.0.1.4', ingress: '10.0.0.7' } },
];
const PORT = { targetPort: 80, serviceId: 'service-web', serviceName: 'web', backends: ['10.0.0.6', '10.0.0.7'] };
const TCP = { ...PORT, protocol: 'tcp', publishedPort: 30000 } as const;

function rules(options: { withheld?: string[]; published?: Parameters<typeof networkState>[3] } = {}) {
  const state = networkState('a', [INGRESS, FRONT, INNER], TASKS, options.published ?? [TCP]);
  return formatRuleset({ state, withheld: new Set(options.withheld), nameServer: '10.10.10.100' }).split('\n');
}

const ofPort = (port: number, text: string[]) => text.filter((line) => line.includes(`dport ${port} `));

test('a published port goes to all tasks in turn, from outside and from the node itself', () => {
  const mesh = ofPort(30000, rules());
  expect(mesh).toHaveLength(2);
  for (const rule of mesh) {
    expect(rule).toContain('fib daddr type local tcp dport 30000 ');
    expect(rule).toContain('numgen inc mod 2 map { 0 : 10.0.0.6 . 80, 1 : 10.0.0.7 . 80 }');
  }
});

test('udp and sctp ports have rules of their own protocol', () => {
  const published = (['udp', 'sctp'] as const).map((protocol) => ({ ...PORT, protocol, publishedPort: 5353 }));
  const text = rules({ published }).join('\n');
  expect(text).toContain('udp dport 5353 ');
  expect(text).toContain('sctp dport 5353 ');
});

test('a task about to stop is left out; with the last one the rule goes', () => {
  const [rule] = ofPort(30000, rules({ withheld: ['10.0.0.6', '10.0.1.3'] }));
  expect(rule).toContain('numgen inc mod 1 map { 0 : 10.0.0.7 . 80 }');
  const none = rules({ withheld: ['10.0.0.6', '10.0.0.7', '10.0.1.3', '10.0.1.4'] }).join('\n');
  expect(none).not.toContain('numgen');
});

test('a virtual IP is for containers of its own network, and the task answers to the node', () => {
  const text = rules();
  const vip = text.filter((line) => line.includes('ip daddr 10.0.1.2 '));
  expect(vip).toHaveLength(1);
  expect(vip[0]).toMatch(/iifname "sl-front\d+" .*map \{ 0 : 10\.0\.1\.3, 1 : 10\.0\.1\.4 \}/);
  expect(text.join('\n')).toMatch(/oifname "sl-front\d+" snat to 10\.0\.1\.10\n/);
});

test('a question for a virtual IP does not leave the node', () => {
  expect(rules().filter((line) => /oifname "sx-front\d+" arp daddr ip \{ 10\.0\.1\.2 \} drop/.test(line))).toHaveLength(
    2,
  );
});

test('an overlay is not reached from other networks of the node, nor the node’s loopback from it', () => {
  const isolation = rules().filter((line) => line.includes('"sl-front') && line.endsWith('drop'));
  expect(isolation.map((line) => line.trim().replace(/sl-front\d+/g, 'front'))).toEqual([
    'iifname != { "front", "lo" } ip daddr 10.0.1.0/24 drop',
    'iifname "front" ip daddr 127.0.0.0/8 drop',
  ]);
});

test('an internal overlay leads nowhere but to the name server', () => {
  const inner = rules().map((line) => line.trim().replace(/sl-inner\d+/g, 'inner'));
  expect(inner).toEqual(
    expect.arrayContaining([
      'iifname "inner" oifname != "inner" reject with icmp net-unreachable',
      'oifname "inner" iifname != "inner" drop',
      'iifname "inner" ip daddr 10.10.10.100 meta l4proto { tcp, udp } th dport 53 accept',
      'iifname "inner" ct state new ip daddr != 10.0.3.0/24 reject with icmp net-unreachable',
    ]),
  );
});

test('the whole is one transaction that replaces what was there', () => {
  const text = rules().join('\n');
  for (const family of ['ip', 'bridge']) {
    expect(text).toContain(`add table ${family} swarmlab\nflush table ${family} swarmlab\ntable ${family} swarmlab {`);
    expect(removeRuleset()).toContain(`delete table ${family} swarmlab`);
  }
});

test('the order in which the manager lists networks does not matter', () => {
  const state = networkState('a', [FRONT, INNER, INGRESS], TASKS, [TCP]);
  const text = formatRuleset({ state, withheld: new Set(), nameServer: '10.10.10.100' });
  expect(text).toBe(rules().join('\n'));
});
