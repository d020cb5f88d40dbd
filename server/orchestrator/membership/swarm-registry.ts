import type { Clock, Disposable } from '../../clock/clock.ts';
import { ControlError } from '../api/control-error.ts';
import { isMember } from '../model/objects.ts';
import type { Persistence } from '../store/store.ts';
import { Store } from '../store/store.ts';
import { Swarm } from '../swarm.ts';
import { Managers } from './managers.ts';
import type { Membership } from './membership.ts';
import { followRoles } from './role-follower.ts';

/** Keeps memberships and stores beyond the life of the process. */
export interface FleetPersistence {
  saveMembership(membership: Membership): void;
  deleteMembership(machine: string): void;
  /** Where a swarm's store commits to. */
  storeOf(swarmId: string): Persistence;
  deleteSwarm(swarmId: string): void;
  flushed(): Promise<void>;
  close(): Promise<void>;
}

export interface RegistryOptions {
  clock: Clock;
  newId: () => string;
  random?: (() => number) | undefined;
  persistence?: FleetPersistence | undefined;
  /** Whether the machine's agent is there. */
  isUp: (machine: string) => boolean;
  /** Whether the machine's agent can be heard at this moment, or has never been. */
  isHeard: (machine: string) => boolean;
  /** Whether the machine is out of reach, but may be going on by itself. */
  isCutOff: (machine: string) => boolean;
  /** A swarm has got a leader: agents that wait for it may be handed over. */
  led: (swarmId: string) => void;
  /** Something was committed in one of the swarms. */
  changed?: (() => void) | undefined;
}

interface Entry {
  readonly swarm: Swarm;
  readonly managers: Managers;
  readonly roles: Disposable;
}

/** All swarms among the machines, and which machine is in which. */
export class SwarmRegistry implements Disposable {
  readonly #options: RegistryOptions;
  readonly #swarms = new Map<string, Entry>();
  readonly #memberships = new Map<string, Membership>();

  constructor(options: RegistryOptions) {
    this.#options = options;
  }

  membership(machine: string): Membership | undefined {
    return this.#memberships.get(machine);
  }

  /** Membership of the machine that is this node in this swarm. */
  memberOf(swarmId: string, nodeId: string): Membership | undefined {
    for (const membership of this.#memberships.values())
      if (membership.swarmId === swarmId && membership.nodeId === nodeId) return membership;
    return undefined;
  }

  /** The machine's swarm, if a manager of it still exists. */
  swarmOf(machine: string): Swarm | undefined {
    return this.#swarms.get(this.#memberships.get(machine)?.swarmId ?? '')?.swarm;
  }

  managersOf(machine: string): Managers | undefined {
    return this.#swarms.get(this.#memberships.get(machine)?.swarmId ?? '')?.managers;
  }

  /** Keeps a machine's membership, new or changed; its swarm may gain or lose a manager by it. */
  join(membership: Membership): void {
    this.#memberships.set(membership.machine, membership);
    this.#options.persistence?.saveMembership(membership);
    this.#swarms.get(membership.swarmId)?.managers.review();
  }

  /** Takes a membership up again after a restart, telling nobody. */
  restore(membership: Membership): void {
    this.#memberships.set(membership.machine, membership);
  }

  /** Forgets a machine's membership. A swarm without any manager left is gone with all it knew. */
  leave(machine: string): void {
    const membership = this.#memberships.get(machine);
    if (membership === undefined) return;
    this.#memberships.delete(machine);
    this.#options.persistence?.deleteMembership(machine);
    const entry = this.#swarms.get(membership.swarmId);
    if (entry === undefined) return;
    if (this.#hasManager(membership.swarmId, entry.swarm.store)) entry.managers.review();
    else this.#destroy(membership.swarmId);
  }

  /** An empty store for a new swarm, which becomes durable as it is filled. */
  newStore(swarmId: string): Store {
    const persistence = this.#options.persistence?.storeOf(swarmId);
    return new Store(this.#options.clock, persistence === undefined ? {} : { persistence });
  }

  /** Brings a swarm to life whose store holds its cluster; its first or former leader takes over at once. */
  add(swarmId: string, store: Store): void {
    const { clock, newId, random, isUp, isHeard, isCutOff, led } = this.#options;
    const managers: Managers = new Managers({
      store,
      clock,
      isAlive: (nodeId, isAlone) => {
        const member = this.memberOf(swarmId, nodeId);
        if (member === undefined || member.locked) return false;
        return isUp(member.machine) || (isAlone && isCutOff(member.machine));
      },
      isHeard: (nodeId) => {
        const member = this.memberOf(swarmId, nodeId);
        return member !== undefined && !member.locked && isHeard(member.machine);
      },
      elected: () => {
        swarm.lead();
        led(swarmId);
      },
      lost: () => swarm.stopLeading(),
    });
    const swarm = new Swarm({ store, clock, managers, newId, random });
    const roles = followRoles(store, () => managers.review());
    if (this.#options.changed !== undefined) store.watch(this.#options.changed);
    this.#swarms.set(swarmId, { swarm, managers, roles });
    managers.start();
  }

  /** A machine has come or gone. */
  review(machine: string): void {
    this.managersOf(machine)?.review();
  }

  /** Resolves when all memberships are durable. */
  async durable(): Promise<void> {
    await this.#options.persistence?.flushed();
  }

  /** The swarm with a leader that the machine is in; throws the 500 that tells that there is none. */
  ledSwarm(machine: string, noLeader: string): Swarm {
    const swarm = this.swarmOf(machine);
    if (swarm === undefined || !swarm.isLed) throw ControlError.rpc('Unknown', noLeader);
    return swarm;
  }

  dispose(): void {
    for (const entry of this.#swarms.values()) disposeEntry(entry);
    this.#swarms.clear();
  }

  #hasManager(swarmId: string, store: Store): boolean {
    return [...this.#memberships.values()].some(
      (membership) => membership.swarmId === swarmId && isMember(store.nodes.get(membership.nodeId)),
    );
  }

  #destroy(swarmId: string): void {
    const entry = this.#swarms.get(swarmId);
    if (entry === undefined) return;
    this.#swarms.delete(swarmId);
    disposeEntry(entry);
    this.#options.persistence?.deleteSwarm(swarmId);
  }
}

function disposeEntry({ swarm, managers, roles }: Entry): void {
  roles.dispose();
  managers.dispose();
  swarm.dispose();
}
