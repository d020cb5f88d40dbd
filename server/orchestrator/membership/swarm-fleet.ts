import type { Clock, Disposable } from '../../clock/clock.ts';
import type { AgentMessage, Connection, ManagerMessage } from '../dispatcher/protocol.ts';
import { newId } from '../model/ids.ts';
import type { Store } from '../store/store.ts';
import { FleetMachine } from './fleet-machine.ts';
import { MachineAgents } from './machine-agents.ts';
import type { Machine, Membership } from './membership.ts';
import type { SwarmMachine } from './swarm-machine.ts';
import { type FleetPersistence, SwarmRegistry } from './swarm-registry.ts';

/** After a restart of this process agents need a moment to find it again (ms). */
const RECONNECTION_TIME = 30_000;

export interface SwarmFleetOptions {
  clock: Clock;
  /** All machines that there are; none is part of a swarm before it has been told to init or join. */
  machines: readonly Machine[];
  /** Where everything is kept that has to outlive the process; without it nothing does. */
  persistence?: FleetPersistence;
  /** What was kept, as `loadFleet` gives it. */
  saved?: SavedFleet;
  /** Makes IDs of swarms, nodes and everything in them. */
  newId?: () => string;
  /** From 0 to 1; varies heartbeat periods. */
  random?: () => number;
  /** Hears of every transaction of every swarm, after it was committed. */
  changed?: () => void;
}

/** What a fleet is restored from: each machine's membership, and the store of each swarm, filled and ready. */
export interface SavedFleet {
  memberships: readonly Membership[];
  stores: ReadonlyMap<string, Store>;
}

/**
 * The machines of a cluster and the swarms among them: what the daemons of a real cluster would do together, in one process. Usually
 * all machines are in one swarm; a student may let some leave and init others.
 */
export class SwarmFleet implements Disposable {
  readonly #machines = new Map<string, FleetMachine>();
  readonly #agents: MachineAgents;
  readonly #registry: SwarmRegistry;
  readonly #persistence: FleetPersistence | undefined;

  constructor(options: SwarmFleetOptions) {
    const { clock, saved } = options;
    this.#persistence = options.persistence;
    this.#agents = new MachineAgents({
      clock,
      ready: (machine) => this.#handOver(machine),
      restarted: (machine) => this.#known(machine).restarted(),
      changed: (machine) => this.#registry.review(machine),
    });
    this.#registry = new SwarmRegistry({
      clock,
      newId: options.newId ?? newId,
      random: options.random,
      persistence: options.persistence,
      changed: options.changed,
      isUp: (machine) => this.#agents.isUp(machine),
      isHeard: (machine) => this.#agents.isHeard(machine),
      isCutOff: (machine) => this.#agents.isCutOff(machine),
      led: (swarmId) => {
        for (const name of this.#machines.keys())
          if (this.#registry.membership(name)?.swarmId === swarmId) this.#handOver(name);
      },
    });
    for (const machine of options.machines) {
      const context = {
        clock,
        newId: options.newId ?? newId,
        registry: this.#registry,
        agents: this.#agents,
        machineAt: (host: string) =>
          options.machines.find(({ address, hostname, name }) => [address, hostname, name].includes(host)),
        handOver: (name: string) => this.#handOver(name),
      };
      this.#machines.set(machine.name, new FleetMachine(machine, context));
    }
    if (saved !== undefined) this.#restore(saved);
  }

  /** A machine by its name; throws for one that there is not. */
  machine(name: string): SwarmMachine {
    return this.#known(name);
  }

  /** An agent has dialled in and proved to be that machine's. */
  agentConnected(machine: string, connection: Connection<AgentMessage, ManagerMessage>): void {
    this.#agents.connected(this.#known(machine).name, connection);
  }

  /**
   * The machine was switched off and on again: a manager of a locked swarm now waits for its key. Where nobody says so, its agent does
   * when it says hello.
   */
  machineRestarted(machine: string): void {
    this.#agents.expectRestart(machine);
    this.#known(machine).restarted();
  }

  /** Stops everything; what is durable stays. */
  dispose(): void {
    this.#registry.dispose();
    this.#agents.dispose();
  }

  /** Stops everything and resolves when all that happened is durable. */
  async close(): Promise<void> {
    this.dispose();
    await this.#persistence?.close();
  }

  #known(name: string): FleetMachine {
    const machine = this.#machines.get(name);
    if (machine === undefined) throw new Error(`there is no machine ${name}`);
    return machine;
  }

  #restore({ memberships, stores }: SavedFleet): void {
    for (const membership of memberships) {
      this.#registry.restore(membership);
      this.#agents.expect(membership.machine, RECONNECTION_TIME);
    }
    for (const [swarmId, store] of stores) this.#registry.add(swarmId, store);
  }

  /** Gives a waiting agent what it waits for: a session, or the news that its machine is in no swarm. */
  #handOver(machine: string): void {
    const link = this.#agents.link(machine);
    if (link === undefined || !link.isWaiting) return;
    const membership = this.#registry.membership(machine);
    if (membership === undefined) {
      link.dismiss('this machine is not part of a swarm');
      return;
    }
    const swarm = this.#registry.swarmOf(machine);
    if (membership.locked || swarm?.dispatcher === undefined) return;
    if (swarm.store.nodes.get(membership.nodeId) === undefined) return;
    link.attach(membership.nodeId, swarm.dispatcher);
    this.#known(machine).registered();
  }
}
