import { expect } from 'vitest';
import { z } from 'zod';
import { VirtualClock } from '../../../server/clock/virtual-clock.ts';
import { addLabImages, EmbeddedCluster } from '../../../server/clusters/embedded/embedded-cluster.ts';
import type { SimulatedContainer } from '../../../server/engine/simulator/container.ts';
import type { ControlApi } from '../../../server/orchestrator/api/control-api.ts';

const NODES = [
  { name: 'master', hostname: 'master', address: '10.10.10.100', role: 'manager' },
  { name: 'worker1', hostname: 'worker1', address: '10.10.10.110', role: 'worker' },
  { name: 'worker2', hostname: 'worker2', address: '10.10.10.120', role: 'worker' },
] as const;
const HISTORY = 5;

const spec = z.looseObject({ Name: z.string() });
const services = z.array(
  z.looseObject({
    ID: z.string(),
    Version: z.object({ Index: z.number() }),
    Spec: spec,
    PreviousSpec: spec.optional(),
    Endpoint: z
      .object({
        Ports: z.array(z.object({ PublishedPort: z.number() })).optional(),
        VirtualIPs: z.array(z.object({ NetworkID: z.string(), Addr: z.string().optional() })).optional(),
      })
      .optional(),
  }),
);
export type ListedService = z.infer<typeof services>[number];
const tasks = z.array(
  z.looseObject({
    ID: z.string(),
    ServiceID: z.string().optional(),
    Slot: z.number().optional(),
    NodeID: z.string().optional(),
    DesiredState: z.string(),
    Status: z.looseObject({ State: z.string() }),
  }),
);
export type ListedTask = z.infer<typeof tasks>[number];
const nodes = z.array(
  z.looseObject({
    ID: z.string(),
    Version: z.object({ Index: z.number() }),
    Spec: z.record(z.string(), z.unknown()),
    Description: z.looseObject({ Hostname: z.string() }),
  }),
);

const TASK_LABEL = 'com.docker.swarm.task.id';
const SERVICE_LABEL = 'com.docker.swarm.service.id';

/** Three embedded nodes in virtual time, everything real but the machines: for tests that do what comes to mind and look what is left. */
export class LabUnderTest {
  readonly clock = new VirtualClock();
  readonly cluster: EmbeddedCluster;
  readonly #off = new Set<string>();
  #names = 0;
  readonly #cut = new Set<string>();

  private constructor() {
    const imagesOn = NODES.map(({ name }) => name);
    this.cluster = new EmbeddedCluster({ clock: this.clock, nodes: NODES, imagesOn, log: () => {} });
  }

  static async boot(): Promise<LabUnderTest> {
    const lab = new LabUnderTest();
    const started = lab.cluster.start();
    await lab.clock.advance(2_000);
    await started;
    await lab.control.networks.create({ Name: 'inner', Driver: 'overlay' });
    return lab;
  }

  get control(): ControlApi {
    return this.cluster.fleet.machine('master').control();
  }

  /** A name that no service of this lab has had. */
  newName(): string {
    return `service${this.#names++}`;
  }

  /** The workers; the manager stays where it is. */
  get workers(): string[] {
    return NODES.slice(1).map(({ name }) => name);
  }

  async services(): Promise<ListedService[]> {
    return services.parse(await this.control.services.list({}));
  }

  async tasks(): Promise<ListedTask[]> {
    return tasks.parse(await this.control.tasks.list({}));
  }

  async setAvailability(name: string, Availability: string): Promise<void> {
    const node = nodes.parse(await this.control.nodes.list({})).find((each) => each.Description.Hostname === name);
    if (node !== undefined)
      await this.control.nodes.update(node.ID, { ...node.Spec, Availability }, { version: String(node.Version.Index) });
  }

  cut(name: string): void {
    if (this.#off.has(name) || this.#cut.has(name)) return;
    this.#cut.add(name);
    this.cluster.disconnect(name);
  }

  join(name: string): void {
    if (this.#cut.delete(name)) this.cluster.connect(name);
  }

  async powerOff(name: string): Promise<void> {
    if (this.#off.has(name) || this.#cut.has(name)) return;
    this.#off.add(name);
    await this.cluster.stop(name);
  }

  async powerOn(name: string): Promise<void> {
    if (this.#off.delete(name)) await this.cluster.power(name);
  }

  /** Containers of tasks that run, wherever. */
  containers(): SimulatedContainer[] {
    return NODES.flatMap(({ name }) => this.cluster.node(name).engine.containers()).filter(
      ({ state, labels }) => state.Running && TASK_LABEL in labels,
    );
  }

  /** Everything is as it should be again: nodes, images, what services run. */
  async heal(): Promise<void> {
    for (const { name } of NODES) {
      this.join(name);
      await this.powerOn(name);
      addLabImages(this.cluster.node(name).engine);
      await this.setAvailability(name, 'active');
    }
    await this.clock.advance(60_000);
    for (const { ID, Spec, Version } of await this.services()) {
      const template = z.looseObject({ ContainerSpec: z.looseObject({}) }).parse(Spec.TaskTemplate);
      const good = {
        ...template,
        ContainerSpec: { ...template.ContainerSpec, Image: 'nginx:latest', Args: undefined },
      };
      await this.control.services.update(ID, { ...Spec, TaskTemplate: good }, { version: String(Version.Index) });
    }
    await this.clock.advance(240_000);
  }

  /** After `heal`: as many as wanted run, each once, none beside; nothing is given twice; the past is bounded; ports are answered. */
  async expectAllWell(): Promise<void> {
    const listed = await this.services();
    const all = await this.tasks();
    const running = this.containers();
    for (const { ID, Spec } of listed) {
      const { Replicated } = z
        .looseObject({ Replicated: z.object({ Replicas: z.number() }).optional() })
        .parse(Spec.Mode);
      const wanted = Replicated?.Replicas ?? NODES.length;
      const own = all.filter(({ ServiceID }) => ServiceID === ID);
      const meant = own.filter((task) => task.DesiredState === 'running' && task.Status.State === 'running');
      expect(meant.length, `${Spec.Name}: tasks that run`).toBe(wanted);
      const containers = running.filter(({ labels }) => labels[SERVICE_LABEL] === ID);
      expect(containers.map(({ labels }) => labels[TASK_LABEL]).sort()).toEqual(meant.map((task) => task.ID).sort());
      const slots = own.map((task) => task.Slot ?? task.NodeID);
      expect(new Set(meant.map((task) => task.Slot ?? task.NodeID)).size).toBe(wanted);
      for (const slot of new Set(slots)) {
        const past = slots.filter((each) => each === slot).length;
        expect(past, `${Spec.Name}: tasks kept of slot ${slot}`).toBeLessThanOrEqual(HISTORY + 1);
      }
    }
    const ids = new Set(listed.map(({ ID }) => ID));
    expect(running.filter(({ labels }) => !ids.has(labels[SERVICE_LABEL] ?? ''))).toEqual([]);
    this.#expectNothingTwice(listed, running);
    await this.#expectPortsAnswered(listed, running);
  }

  #expectNothingTwice(listed: readonly ListedService[], running: readonly SimulatedContainer[]): void {
    const ports = listed.flatMap(({ Endpoint }) => Endpoint?.Ports?.map(({ PublishedPort }) => PublishedPort) ?? []);
    expect(new Set(ports).size).toBe(ports.length);
    const addresses = [
      ...listed.flatMap(({ Endpoint }) => Endpoint?.VirtualIPs?.map(({ Addr }) => Addr?.split('/')[0] ?? '') ?? []),
      ...running.flatMap(({ endpoints }) => Object.values(endpoints).map(({ IPAddress }) => IPAddress)),
    ].filter((address) => address !== '' && !address.startsWith('172.'));
    expect(addresses.filter((address, index) => addresses.indexOf(address) !== index)).toEqual([]);
  }

  async #expectPortsAnswered(listed: readonly ListedService[], running: readonly SimulatedContainer[]): Promise<void> {
    for (const { ID, Endpoint } of listed) {
      const answers = running.some(({ labels }) => labels[SERVICE_LABEL] === ID);
      for (const { PublishedPort } of (answers && Endpoint?.Ports) || []) {
        for (const { name } of NODES) {
          const { status } = await this.cluster.wire.requestNode(name, PublishedPort, {
            method: 'GET',
            path: '/',
            agent: '',
            from: '10.10.10.1',
          });
          expect(status).toBe(200);
        }
      }
    }
  }
}
