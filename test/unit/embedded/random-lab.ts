import fc from 'fast-check';
import { expect } from 'vitest';
import { z } from 'zod';
import { LabUnderTest, type ListedService } from './lab-under-test.ts';

/** Something that a student or bad luck does; numbers choose among what is there. */
type Operation =
  | { type: 'create'; replicas: number; startFirst: boolean; published: boolean; inner: boolean; everywhere: boolean }
  | { type: 'scale'; service: number; replicas: number }
  | { type: 'update'; service: number; runs: 'nginx:1.26' | 'alpine:latest' | 'missing:latest' }
  | { type: 'rollBack'; service: number }
  | { type: 'publish'; service: number }
  | { type: 'remove'; service: number }
  | { type: 'availability'; worker: number; availability: 'active' | 'pause' | 'drain' }
  | { type: 'cut' | 'join' | 'powerOff' | 'powerOn'; worker: number }
  | { type: 'kill'; container: number }
  | { type: 'takeImage'; worker: number }
  | { type: 'wait'; milliseconds: number };

/** Operations by which every task of a service may be replaced. */
const UPDATES: ReadonlySet<Operation['type']> = new Set(['update', 'rollBack', 'publish']);

const service = fc.nat(3);
const worker = fc.nat(1);
const operation: fc.Arbitrary<Operation> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({
      type: fc.constant('create'),
      replicas: fc.nat(5),
      startFirst: fc.boolean(),
      published: fc.boolean(),
      inner: fc.boolean(),
      everywhere: fc.boolean(),
    }),
  },
  { weight: 3, arbitrary: fc.record({ type: fc.constant('scale'), service, replicas: fc.nat(6) }) },
  {
    weight: 3,
    arbitrary: fc.record({
      type: fc.constant('update'),
      service,
      runs: fc.constantFrom('nginx:1.26', 'alpine:latest', 'missing:latest'),
    }),
  },
  { weight: 1, arbitrary: fc.record({ type: fc.constant('rollBack'), service }) },
  { weight: 1, arbitrary: fc.record({ type: fc.constant('publish'), service }) },
  { weight: 1, arbitrary: fc.record({ type: fc.constant('remove'), service }) },
  {
    weight: 1,
    arbitrary: fc.record({
      type: fc.constant('availability'),
      worker,
      availability: fc.constantFrom('active', 'pause', 'drain'),
    }),
  },
  { weight: 2, arbitrary: fc.record({ type: fc.constantFrom('cut', 'join', 'powerOff', 'powerOn'), worker }) },
  { weight: 2, arbitrary: fc.record({ type: fc.constant('kill'), container: fc.nat(9) }) },
  { weight: 1, arbitrary: fc.record({ type: fc.constant('takeImage'), worker }) },
  {
    weight: 5,
    arbitrary: fc.record({
      type: fc.constant('wait'),
      milliseconds: fc.constantFrom(10, 80, 300, 1_500, 6_000, 20_000),
    }),
  },
);

async function perform(lab: LabUnderTest, step: Operation): Promise<void> {
  const listed = await lab.services();
  const chosen = 'service' in step ? listed[step.service % Math.max(1, listed.length)] : undefined;
  const name = 'worker' in step ? (lab.workers[step.worker] ?? '') : '';
  switch (step.type) {
    case 'create':
      if (listed.length < 4) await lab.control.services.create(newService(lab.newName(), step));
      return;
    case 'scale':
      if (chosen && z.looseObject({ Replicated: z.unknown().optional() }).parse(chosen.Spec.Mode).Replicated)
        await update(lab, chosen, { Mode: { Replicated: { Replicas: step.replicas } } });
      return;
    case 'update':
      if (chosen) {
        const template = z.looseObject({ ContainerSpec: z.looseObject({}) }).parse(chosen.Spec.TaskTemplate);
        const Args = step.runs === 'alpine:latest' ? ['sleep', '2'] : undefined;
        const ContainerSpec = { ...template.ContainerSpec, Image: step.runs, Args };
        await update(lab, chosen, { TaskTemplate: { ...template, ContainerSpec } });
      }
      return;
    case 'rollBack':
      if (chosen?.PreviousSpec)
        await lab.control.services.update(chosen.ID, chosen.Spec, {
          version: String(chosen.Version.Index),
          rollback: 'previous',
        });
      return;
    case 'publish':
      if (chosen)
        await update(lab, chosen, {
          EndpointSpec: { Ports: [{ Protocol: 'tcp', TargetPort: 80, PublishMode: 'ingress' }] },
        });
      return;
    case 'remove':
      if (chosen) await lab.control.services.remove(chosen.ID);
      return;
    case 'availability':
      return lab.setAvailability(name, step.availability);
    case 'cut':
      return lab.cut(name);
    case 'join':
      return lab.join(name);
    case 'powerOff':
      return lab.powerOff(name);
    case 'powerOn':
      return lab.powerOn(name);
    case 'kill': {
      const running = lab.containers();
      return running[step.container % Math.max(1, running.length)]?.kill('SIGKILL');
    }
    case 'takeImage':
      lab.cluster.node(name).engine.images.remove('nginx:1.26');
      return;
    case 'wait':
      await lab.clock.advance(step.milliseconds);
  }
}

function update(lab: LabUnderTest, { ID, Spec, Version }: ListedService, change: object): Promise<unknown> {
  return lab.control.services.update(ID, { ...Spec, ...change }, { version: String(Version.Index) });
}

function newService(Name: string, create: Extract<Operation, { type: 'create' }>): object {
  return {
    Name,
    TaskTemplate: {
      ContainerSpec: { Image: 'nginx:latest' },
      RestartPolicy: { Condition: 'any', Delay: 1e9 },
      ...(create.inner ? { Networks: [{ Target: 'inner' }] } : {}),
    },
    Mode: create.everywhere ? { Global: {} } : { Replicated: { Replicas: create.replicas } },
    UpdateConfig: {
      Parallelism: 1,
      Order: create.startFirst ? 'start-first' : 'stop-first',
      FailureAction: 'continue',
    },
    ...(create.published
      ? { EndpointSpec: { Ports: [{ Protocol: 'tcp', TargetPort: 80, PublishMode: 'ingress' }] } }
      : {}),
  };
}

/**
 * Slots in which more containers run than updates would put there, unless a node that nobody reaches has some of them. An update that is
 * overtaken by the next leaves its own beside the one before: where the new one comes first because both run, else because each update
 * waits only for what it has stopped itself, as Swarm's do.
 */
function doubled(lab: LabUnderTest, services: readonly ListedService[], updates: number): string[] {
  const counts = new Map<string, number>();
  for (const { labels } of lab.containers()) {
    const id = labels['com.docker.swarm.service.id'] ?? '';
    const slot = `${id}/${labels['com.docker.swarm.task.name']?.split('.')[1]}`;
    counts.set(slot, (counts.get(slot) ?? 0) + 1);
  }
  return [...counts].flatMap(([slot, count]) => {
    const spec = services.find(({ ID }) => slot.startsWith(ID))?.Spec;
    // Of a service that has been removed there may be the old and the new ones, all being stopped.
    if (spec === undefined) return [];
    const config = z.looseObject({ Order: z.string().optional() }).optional().parse(spec.UpdateConfig);
    return count > (config?.Order === 'start-first' ? 1 + updates : Math.max(1, updates)) ? [`${slot}: ${count}`] : [];
  });
}

/** Plays so many random sequences, the seed moved by `part`; fast-check prints the seed and the shortest sequence that fails. */
export async function playRandomLabs(runs: number, part: number): Promise<void> {
  const seed = (fc.readConfigureGlobal().seed ?? 0) + part;
  const property = fc.asyncProperty(fc.array(operation, { minLength: 1, maxLength: 10 }), async (operations) => {
    const lab = await LabUnderTest.boot();
    try {
      let severed = false;
      let updates = 0;
      for (const step of operations) {
        await perform(lab, step);
        if (UPDATES.has(step.type)) updates++;
        severed ||= step.type === 'cut' || step.type === 'powerOff';
        if (!severed) expect(doubled(lab, await lab.services(), updates)).toEqual([]);
      }
      await lab.heal();
      await lab.expectAllWell();
    } finally {
      await lab.cluster.close();
    }
  });
  await fc.assert(property, { numRuns: runs, seed });
}
