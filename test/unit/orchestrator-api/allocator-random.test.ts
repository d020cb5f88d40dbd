import fc from 'fast-check';
import { expect, test } from 'vitest';
import { published, TestStore } from './test-store.ts';

type Step =
  | { do: 'network' | 'removeNetwork' | 'node' | 'restart' }
  | { do: 'service' | 'removeService' | 'task' | 'finish' | 'place' | 'change'; which: number };

const step: fc.Arbitrary<Step> = fc.oneof(
  fc.record({ do: fc.constantFrom('network', 'removeNetwork', 'node', 'restart') }),
  fc.record({
    do: fc.constantFrom('service', 'removeService', 'task', 'task', 'finish', 'place', 'change'),
    which: fc.nat(5),
  }),
);

class Run {
  readonly swarm = new TestStore();
  #count = 0;

  take(next: Step): void {
    const { swarm } = this;
    const { store } = swarm;
    const pick = <T>(all: Iterable<T>): T | undefined => {
      const list = [...all];
      return 'which' in next ? list[next.which % Math.max(1, list.length)] : list[0];
    };
    const id = `x${this.#count++}`;
    const overlays = [...store.networks.all()].filter(({ Spec }) => Spec.Driver === 'overlay' && !Spec.Ingress);
    const used = new Set(
      [...store.services.all()].flatMap(({ Spec }) => Spec.TaskTemplate.Networks ?? []).map(({ Target }) => Target),
    );
    const service = pick(store.services.all());
    const task = pick(store.tasks.all());
    if (next.do === 'network') swarm.network(id);
    else if (next.do === 'node') swarm.node(id);
    else if (next.do === 'restart') swarm.restart();
    else if (next.do === 'removeNetwork') {
      const free = overlays.find(({ ID }) => !used.has(ID));
      if (free) swarm.removeNetwork(free.ID);
    } else if (next.do === 'service')
      swarm.service(
        id,
        published(80),
        overlays.slice(0, next.which).map(({ ID }) => ID),
      );
    else if (next.do === 'removeService' && service) {
      for (const { ID } of store.tasksOfService(service.ID)) swarm.finish(ID);
      swarm.removeService(service.ID);
    } else if (next.do === 'change' && service) swarm.changeEndpoint(service.ID, published(80, 81));
    else if (next.do === 'task' && service) swarm.task(id, service.ID);
    else if (next.do === 'finish' && task) swarm.finish(task.ID);
    else if (next.do === 'place' && task && !task.NodeID) {
      const node = pick(store.nodes.all());
      if (node) swarm.changeTask(task.ID, { NodeID: node.ID });
    }
  }

  /** Every address in use, with the network it is on. */
  addresses(): string[] {
    const { store } = this.swarm;
    return [
      ...[...store.services.all()].flatMap(({ Endpoint }) =>
        (Endpoint?.VirtualIPs ?? []).map(({ NetworkID, Addr }) => `${NetworkID} ${Addr}`),
      ),
      ...[...store.nodes.all()].flatMap(({ networkAddresses }) =>
        Object.entries(networkAddresses).map(([id, address]) => `${id} ${address}`),
      ),
      ...[...store.tasks.all()]
        .filter(({ Status }) => Status.State !== 'complete')
        .flatMap(({ attachments }) =>
          attachments.flatMap(({ networkId, addresses }) => addresses.map((address) => `${networkId} ${address}`)),
        ),
    ];
  }

  ports(): number[] {
    return [...this.swarm.store.services.all()].flatMap(({ ID }) => this.swarm.portsOf(ID)).map(Number);
  }
}

test('whatever happens, no address, port or subnet is in use twice', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
      const run = new Run();
      for (const next of steps) {
        run.take(next);
        const [addresses, ports] = [run.addresses(), run.ports()];
        expect(new Set(addresses).size).toBe(addresses.length);
        expect(new Set(ports).size).toBe(ports.length);
        const subnets = [...run.swarm.store.networks.all()].flatMap(({ allocation }) => allocation?.subnet ?? []);
        expect(new Set(subnets).size).toBe(subnets.length);
      }
    }),
    { numRuns: 60 },
  );
});
