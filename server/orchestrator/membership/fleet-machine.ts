import { sleep } from '../../clock/clock.ts';
import type { ControlApi } from '../api/control-api.ts';
import { clusterOf } from '../api/control-context.ts';
import { ControlError } from '../api/control-error.ts';
import { decode } from '../api/request/go-json.ts';
import { joinRequest, unlockRequest } from '../api/request/swarm-spec.ts';
import { isMember } from '../model/objects.ts';
import type { NodeRole } from '../model/specs.ts';
import type { Swarm } from '../swarm.ts';
import type { FleetContext } from './fleet-context.ts';
import { demoteOthers } from './force-new-cluster.ts';
import { addNode, foundSwarm } from './found-swarm.ts';
import { type Admission, admit } from './join.ts';
import { refuseManagerLeaving } from './leaving.ts';
import type { Machine, Membership } from './membership.ts';
import { attach, detach } from './network-attachments.ts';
import { untilReady } from './node-ready.ts';
import { PendingJoin } from './pending-join.ts';
import { swarmInfo } from './swarm-info.ts';
import type { AttachmentOptions, LocalNodeState, NetworkAttachment, SwarmInfo, SwarmMachine } from './swarm-machine.ts';
import { isForceNewCluster, type JoinOptions, readInit, readJoin } from './swarm-requests.ts';
import { TEXTS } from './texts.ts';
import { isUnlockKey } from './tokens.ts';

/** How long init and join wait for the node to register (ms). */
const READY_TIMEOUT = 20_000;

/** One machine of a fleet. */
export class FleetMachine implements SwarmMachine {
  readonly name: string;
  readonly hostname: string;
  readonly #machine: Machine;
  readonly #context: FleetContext;
  /** A join that nobody has answered yet. */
  #pending: { join: PendingJoin; options: JoinOptions } | undefined;
  #isRegistering = false;
  /** Switched off and on again, and not yet taken back by its swarm. */
  #isReturning = false;

  constructor(machine: Machine, context: FleetContext) {
    this.name = machine.name;
    this.hostname = machine.hostname;
    this.#machine = machine;
    this.#context = context;
  }

  state(): LocalNodeState {
    const membership = this.#membership();
    if (membership?.locked) return 'locked';
    if (this.#pending !== undefined || this.#isRegistering || this.#isForgotten()) return 'pending';
    return membership === undefined ? 'inactive' : 'active';
  }

  role(): NodeRole | undefined {
    const membership = this.#membership();
    if (membership === undefined) return undefined;
    return isMember(this.#swarm()?.store.nodes.get(membership.nodeId)) ? 'manager' : 'worker';
  }

  nodeId(): string {
    return this.#membership()?.nodeId ?? '';
  }

  info(): SwarmInfo {
    const { remote, address } = this.#pending?.options ?? {};
    const info = swarmInfo(this.state(), this.#membership(), this.#swarm());
    if (remote === undefined || address === undefined) return info;
    return { ...info, NodeAddr: address, RemoteManagers: [{ NodeID: '', Addr: remote }] };
  }

  async init(body: unknown): Promise<string> {
    const { newId, clock, registry } = this.#context;
    if (this.state() !== 'inactive') {
      if (!isForceNewCluster(body)) throw unavailable(TEXTS.alreadyInSwarm);
      return this.#forceNewCluster();
    }
    const { address, availability, ...founding } = readInit(this.#machine, body);
    const nodeId = newId();
    const swarmId = newId();
    const store = registry.newStore(swarmId);
    foundSwarm(store, { ...founding, newId, swarmId, now: clock.now() });
    store.update((transaction) => addNode(transaction, { id: nodeId, role: 'manager', availability, address }));
    registry.join({ machine: this.name, swarmId, nodeId, address, locked: false });
    registry.add(swarmId, store);
    await this.#register();
    await registry.durable();
    return nodeId;
  }

  async join(body: unknown): Promise<void> {
    decode(joinRequest, body);
    if (this.state() !== 'inactive') throw unavailable(TEXTS.alreadyInSwarm);
    const options = readJoin(this.#machine, body);
    const admission = admit(this.#context, options.remote, options.token);
    const isReady = admission === undefined ? await this.#keepTrying(options) : await this.#enter(admission, options);
    await this.#context.registry.durable();
    if (!isReady) throw unavailable(TEXTS.timeout);
  }

  async leave(options: { force?: boolean } = {}): Promise<void> {
    const { registry, agents } = this.#context;
    const state = this.state();
    if (state === 'inactive') throw unavailable(TEXTS.notInSwarm);
    if (state === 'locked' && !options.force) throw unavailable(TEXTS.leaveLocked);
    const managers = registry.managersOf(this.name);
    if (managers !== undefined && this.role() === 'manager' && !options.force) refuseManagerLeaving(managers);
    this.#pending?.join.dispose();
    this.#pending = undefined;
    registry.leave(this.name);
    const link = agents.link(this.name);
    link?.dismiss('this machine has left the swarm');
    link?.close('this machine has left the swarm');
    await registry.durable();
  }

  async unlock(body: unknown): Promise<void> {
    const { UnlockKey: key = '' } = decode(unlockRequest, body);
    const { registry, handOver } = this.#context;
    const membership = this.#membership();
    const swarm = this.#swarm();
    if (membership === undefined) throw unavailable(TEXTS.noSwarm);
    if (swarm === undefined || this.role() !== 'manager') throw unavailable(TEXTS.worker);
    if (!membership.locked) throw new ControlError(409, TEXTS.notLocked);
    if (!isUnlockKey(key)) throw new ControlError(400, TEXTS.noKey);
    if (clusterOf(swarm.store).unlockKey !== key) throw new ControlError(401, TEXTS.wrongKey);
    registry.join({ ...membership, locked: false });
    handOver(this.name);
    await registry.durable();
  }

  async whenElected(): Promise<void> {
    if (this.state() === 'active') await this.#context.registry.managersOf(this.name)?.whenElected();
  }

  async whenAgreed(): Promise<void> {
    if (this.role() === 'manager') await this.#context.registry.managersOf(this.name)?.whenAgreed();
  }

  control(): ControlApi {
    const { registry, agents } = this.#context;
    const state = this.state();
    if (state === 'inactive' || this.#pending !== undefined) throw unavailable(TEXTS.noSwarm);
    if (state === 'locked') throw unavailable(TEXTS.locked);
    if (this.role() !== 'manager') throw unavailable(TEXTS.worker);
    agents.touch(this.name);
    return registry.ledSwarm(this.name, TEXTS.noLeader).control;
  }

  async attachNetwork(target: string, containerId: string, options: AttachmentOptions): Promise<NetworkAttachment> {
    const { clock, newId, registry } = this.#context;
    if (this.#membership() === undefined) throw unavailable(TEXTS.noSwarm);
    const { store } = registry.ledSwarm(this.name, TEXTS.noLeader);
    return attach(store, { ...options, target, containerId, nodeId: this.nodeId(), clock, newId });
  }

  async detachNetwork(target: string, containerId: string): Promise<void> {
    const swarm = this.#swarm();
    if (swarm !== undefined) await detach(swarm.store, { target, containerId, nodeId: this.nodeId() });
  }

  /** The machine's agent has its session. */
  registered(): void {
    this.#isReturning = false;
  }

  /** The machine was switched off and on again: a manager of a locked swarm waits for its key. */
  restarted(): void {
    this.#isReturning = true;
    const membership = this.#membership();
    const swarm = this.#swarm();
    if (membership === undefined || swarm === undefined || this.role() !== 'manager') return;
    if (clusterOf(swarm.store).unlockKey !== '') this.#context.registry.join({ ...membership, locked: true });
  }

  /** Whether the machine tries in vain to come back to a swarm that has removed its node. */
  #isForgotten(): boolean {
    const store = this.#swarm()?.store;
    return this.#isReturning && store !== undefined && store.nodes.get(this.nodeId()) === undefined;
  }

  #membership(): Membership | undefined {
    return this.#context.registry.membership(this.name);
  }

  #swarm(): Swarm | undefined {
    return this.#context.registry.swarmOf(this.name);
  }

  /** Becomes a node of the swarm that has let the machine in; says whether it has registered in time. */
  #enter({ swarm, swarmId, role }: Admission, { address, availability }: JoinOptions): Promise<boolean> {
    const nodeId = this.#context.newId();
    swarm.store.update((transaction) => addNode(transaction, { id: nodeId, role, availability, address }));
    this.#context.registry.join({ machine: this.name, swarmId, nodeId, address, locked: false });
    return this.#register();
  }

  /** Goes on trying to join, even when that takes longer than the caller is willing to wait; says whether it did not. */
  async #keepTrying(options: JoinOptions): Promise<boolean> {
    const { clock } = this.#context;
    const joined = new Promise<boolean>((resolve, reject) => {
      const attempt = () => {
        try {
          const admission = admit(this.#context, options.remote, options.token);
          if (admission === undefined) return false;
          this.#pending = undefined;
          resolve(this.#enter(admission, options));
        } catch (error) {
          this.#pending = undefined;
          reject(error);
        }
        return true;
      };
      this.#pending = { options, join: new PendingJoin({ clock, attempt }) };
    });
    return Promise.race([joined, sleep(clock, READY_TIMEOUT).then(() => false)]);
  }

  /** Lets the agent register and waits until it has; one that has no agent at all is not waited for. */
  async #register(): Promise<boolean> {
    const { clock, agents, handOver } = this.#context;
    const swarm = this.#swarm();
    if (swarm === undefined || !agents.isKnown(this.name)) return true;
    this.#isRegistering = true;
    try {
      const ready = untilReady(swarm.store, clock, this.nodeId(), READY_TIMEOUT);
      handOver(this.name);
      return await ready;
    } finally {
      this.#isRegistering = false;
    }
  }

  async #forceNewCluster(): Promise<string> {
    const swarm = this.#swarm();
    if (swarm === undefined || this.role() !== 'manager') throw unavailable(TEXTS.worker);
    demoteOthers(swarm.store, this.nodeId());
    this.#context.registry.review(this.name);
    await this.#context.registry.durable();
    return this.nodeId();
  }
}

function unavailable(message: string): ControlError {
  return new ControlError(503, message);
}
