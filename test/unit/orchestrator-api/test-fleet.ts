import { VirtualClock } from '../../../server/clock/virtual-clock.ts';
import type { ApiObject, ControlApi } from '../../../server/orchestrator/api/control-api.ts';
import { SwarmFleet, type SwarmFleetOptions } from '../../../server/orchestrator/membership/swarm-fleet.ts';
import type { SwarmMachine } from '../../../server/orchestrator/membership/swarm-machine.ts';
import { FakeAgent } from '../orchestrator/fake-agent.ts';

export const MACHINES = [
  { name: 'master', hostname: 'master.docker-dca.example', address: '10.10.10.100' },
  { name: 'worker1', hostname: 'worker1.docker-dca.example', address: '10.10.10.110' },
  { name: 'worker2', hostname: 'worker2.docker-dca.example', address: '10.10.10.120' },
  { name: 'registry', hostname: 'registry.docker-dca.example', address: '10.10.10.200' },
];

/** What the `docker` command always says of itself in init and join. */
export const INIT = { ListenAddr: '0.0.0.0:2377', DefaultAddrPool: [], SubnetSize: 24 };

/** An agent that dials again whenever it is cut off, as real ones do. */
class DiallingAgent extends FakeAgent {
  readonly #address: string;
  isOn = true;

  constructor(clock: VirtualClock, machine: (typeof MACHINES)[number], fleet: () => SwarmFleet) {
    super(clock, '', machine.hostname, (connection) => fleet().agentConnected(machine.name, connection));
    this.#address = machine.address;
    const redial = () => {
      if (this.isOn && this.closed !== undefined) this.connect();
      clock.after(200, redial);
    };
    redial();
  }

  override get address(): string {
    return this.#address;
  }
}

/** Machines with fake agents, in virtual time. */
export class TestFleet {
  readonly clock = new VirtualClock();
  readonly agents = new Map<string, DiallingAgent>();
  fleet: SwarmFleet;
  readonly #options: Partial<SwarmFleetOptions>;

  constructor(options: Partial<SwarmFleetOptions> = {}) {
    this.#options = { random: () => 0.5, ...options };
    this.fleet = new SwarmFleet({ clock: this.clock, machines: MACHINES, ...this.#options });
    for (const machine of MACHINES) {
      const agent = new DiallingAgent(this.clock, machine, () => this.fleet);
      this.agents.set(machine.name, agent);
      agent.connect();
    }
  }

  machine(name: string): SwarmMachine {
    return this.fleet.machine(name);
  }

  agent(name: string): DiallingAgent {
    const agent = this.agents.get(name);
    if (agent === undefined) throw new Error(`no machine ${name}`);
    return agent;
  }

  /** The control API of the machine, `master` unless said otherwise. */
  control(name = 'master'): ControlApi {
    return this.machine(name).control();
  }

  /** Lets virtual time pass until the promise is settled. */
  async run<T>(promise: Promise<T>): Promise<T> {
    let settled = false;
    const done = () => {
      settled = true;
    };
    promise.then(done, done);
    await this.clock.advanceUntil(() => settled, 60_000);
    return promise;
  }

  /** A swarm led by `managers[0]`, which all other named machines join. */
  async swarm(managers: readonly string[] = ['master'], workers: readonly string[] = []): Promise<void> {
    const [first = 'master', ...others] = managers;
    await this.clock.advance(100);
    await this.run(this.machine(first).init(INIT));
    for (const name of others) await this.run(this.join(name, 'Manager', first));
    for (const name of workers) await this.run(this.join(name, 'Worker', first));
  }

  join(name: string, role: 'Worker' | 'Manager' = 'Worker', via = 'master'): Promise<void> {
    const { JoinTokens } = this.control(via).swarm.inspect() as { JoinTokens: Record<string, string> };
    const address = MACHINES.find((machine) => machine.name === via)?.address;
    return this.machine(name).join({ ...INIT, RemoteAddrs: [`${address}:2377`], JoinToken: JoinTokens[role] });
  }

  /** Machine without power from now on. */
  stop(name: string): void {
    const agent = this.agent(name);
    agent.isOn = false;
    agent.hangUp();
  }

  start(name: string): void {
    const agent = this.agent(name);
    agent.isOn = true;
    agent.connect();
  }
}

/** A service's body with an image and whatever else is given. */
export function serviceBody(name: string, more: ApiObject = {}, template: ApiObject = {}): ApiObject {
  return { Name: name, TaskTemplate: { ContainerSpec: { Image: 'nginx' }, ...template }, ...more };
}

/** Lists all tasks of a service by name. */
export function tasksOf(control: ControlApi, service: string): ApiObject[] {
  return control.tasks.list({ filters: JSON.stringify({ service: [service] }) });
}
