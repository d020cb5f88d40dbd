import { expect, test } from 'vitest';
import { nodeMatches, parseConstraints } from '../../../server/orchestrator/constraints/constraint.ts';
import type { Node } from '../../../server/orchestrator/model/objects.ts';
import { describeNode } from './fake-agent.ts';

const description = describeNode('Worker1.example');
const node: Node = {
  ID: 'abc123',
  Version: { Index: 1 },
  CreatedAt: '',
  UpdatedAt: '',
  Spec: { Labels: { Disk: 'SSD', zone: 'a.b' }, Role: 'manager', Availability: 'active' },
  Description: { ...description, Engine: { ...description.Engine, Labels: { 'operating.system': 'debian 13' } } },
  Status: { State: 'ready', Addr: '10.10.10.110' },
  role: 'worker',
  networkAddresses: {},
};

const matches = (...expressions: string[]) => nodeMatches(parseConstraints(expressions), node);

test.each([
  'node.id==abc123',
  'NODE.ID == ABC123',
  'node.hostname==worker1.example',
  'node.role==worker',
  'node.role!=manager',
  'node.platform.os==linux',
  'node.platform.arch==x86_64',
  'node.labels.Disk==ssd',
  'Node.Labels.Disk==ssd',
  'node.labels.zone==A.B',
  'node.labels.missing!=anything',
  'engine.labels.operating.system==debian 13',
  'node.ip==10.10.10.110',
  'node.ip==10.10.10.0/24',
  'node.ip!=10.10.11.0/24',
])('%s is met', (expression) => expect(matches(expression)).toBe(true));

test.each([
  'node.id!=abc123',
  'node.id==abc*',
  'node.role==manager',
  'node.labels.disk==ssd',
  'node.labels.Disk!=ssd',
  'node.labels.missing==anything',
  'node.ip!=10.10.10.0/24',
  'node.ip==10.10.10',
  'node.ip!=10.10.10',
  'node.ip!=10.10.10.0/33',
  'node.ip==fe80::1',
  'node.nonsense==a',
  'node.nonsense!=a',
])('%s is not met', (expression) => expect(matches(expression)).toBe(false));

test('all constraints have to be met', () => {
  expect(matches('node.role==worker', 'node.labels.Disk==ssd')).toBe(true);
  expect(matches('node.role==worker', 'node.labels.Disk==hdd')).toBe(false);
});

test('== is looked for before !=', () => {
  expect(() => parseConstraints(['node.id!=a==b'])).toThrow("key 'node.id!=a' is invalid");
});

test.each([
  ['node.id', 'constraint expected one operator from ==, !='],
  ['node.id=a', 'constraint expected one operator from ==, !='],
  ['1node==a', "key '1node' is invalid"],
  ['n==a', "key 'n' is invalid"],
  [' ==a', "key '' is invalid"],
  ['node.id==', "value '' is invalid"],
  ['node.id==a,b', "value 'a,b' is invalid"],
])('%s is refused', (expression, message) => {
  expect(() => parseConstraints([expression])).toThrow(message);
});
