import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Node, Task } from '../../../server/orchestrator/model/objects.ts';
import { NodeSet } from '../../../server/orchestrator/scheduler/node-set.ts';

const stored = { Version: { Index: 1 }, CreatedAt: '', UpdatedAt: '' };

function node(number: number, ready: boolean, zone: string): Node {
  return {
    ...stored,
    ID: `node${number}`,
    Spec: { Labels: { zone }, Role: 'worker', Availability: ready ? 'active' : 'drain' },
    Status: { State: 'ready', Addr: '' },
    role: 'worker',
    networkAddresses: {},
  };
}

function task(number: number, service: number, nodeId: string): Task {
  return {
    ...stored,
    ID: `task${number}`,
    Spec: {},
    ServiceID: `service${service}`,
    NodeID: nodeId,
    Status: { Timestamp: '', State: 'running', Message: '', PortStatus: {} },
    DesiredState: 'running',
    attachments: [],
    serviceName: '',
    serviceLabels: {},
    specVersion: 1,
    global: false,
  };
}

type Step =
  | { type: 'put'; node: number; ready: boolean; zone: string }
  | { type: 'remove'; node: number }
  | { type: 'add'; task: number; service: number; node: number }
  | { type: 'drop'; task: number }
  | { type: 'look'; service: number; zone: string | undefined };

const nodeNumber = fc.nat(7);
const zone = fc.constantFrom('a', 'b');
const step: fc.Arbitrary<Step> = fc.oneof(
  fc.record({ type: fc.constant('put'), node: nodeNumber, ready: fc.boolean(), zone }),
  fc.record({ type: fc.constant('remove'), node: nodeNumber }),
  {
    weight: 4,
    arbitrary: fc.record({ type: fc.constant('add'), task: fc.nat(30), service: fc.nat(2), node: nodeNumber }),
  },
  { weight: 2, arbitrary: fc.record({ type: fc.constant('drop'), task: fc.nat(30) }) },
  fc.record({ type: fc.constant('look'), service: fc.nat(2), zone: fc.option(zone, { nil: undefined }) }),
);

test('candidates are the ready nodes that meet the constraints, ordered, whatever came and went before', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
      const nodes = new NodeSet();
      const present = new Map<string, Node>();
      const tasks = new Map<number, Task>();
      for (const one of steps) {
        if (one.type === 'put') {
          const object = node(one.node, one.ready, one.zone);
          present.set(object.ID, object);
          nodes.put(object);
        } else if (one.type === 'remove') {
          present.delete(`node${one.node}`);
          nodes.remove(`node${one.node}`);
          for (const [number, known] of tasks) if (known.NodeID === `node${one.node}`) tasks.delete(number);
        } else if (one.type === 'add') {
          const info = nodes.get(`node${one.node}`);
          if (info === undefined || tasks.has(one.task)) continue;
          const object = task(one.task, one.service, info.id);
          tasks.set(one.task, object);
          nodes.addTask(info, object);
        } else if (one.type === 'drop') {
          const object = tasks.get(one.task);
          const info = nodes.get(object?.NodeID ?? '');
          if (object === undefined || info === undefined) continue;
          tasks.delete(one.task);
          nodes.removeTask(info, object);
        } else {
          const serviceId = `service${one.service}`;
          const Constraints = one.zone === undefined ? [] : [`node.labels.zone==${one.zone}`];
          const query = { serviceId, failures: undefined, placement: { Constraints } };
          const count = (nodeId: string, service?: string) =>
            [...tasks.values()].filter(
              (known) => known.NodeID === nodeId && (service === undefined || known.ServiceID === service),
            ).length;
          const rank = (nodeId: string) => count(nodeId, serviceId) * 1_000 + count(nodeId);
          const expected = [...present.values()]
            .filter((known) => known.Spec.Availability === 'active')
            .filter((known) => one.zone === undefined || known.Spec.Labels.zone === one.zone)
            .map((known) => known.ID);
          const actual = [...nodes.candidates(query)].map((info) => info.id);
          expect([...actual].sort()).toEqual(expected.sort());
          expect(actual.map(rank)).toEqual(actual.map(rank).sort((a, b) => a - b));
          const others = [...nodes.others(query)].map((info) => info.id);
          expect([...actual, ...others].sort()).toEqual([...present.keys()].sort());
        }
      }
    }),
    { numRuns: 300 },
  );
});
