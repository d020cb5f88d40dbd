import { type Clock, type Disposable, sleep } from '../../clock/clock.ts';
import type { ManagerRules } from '../api/control-context.ts';
import { ControlError } from '../api/control-error.ts';
import { isMember, type Node } from '../model/objects.ts';
import type { ReadView, Store } from '../store/store.ts';

/** Raft elects a new leader when it has not heard of the old one for ten ticks of a second (ms). */
const ELECTION_TIMEOUT = 10_000;

/** A leader looks once in an election's time whether it has heard of a quorum, and until then leads on without (ms). */
const QUORUM_CHECK = 10_000;

/** How long a manager lets a request wait for a leader, or for others to agree (ms). */
const REQUEST_TIMEOUT = 20_000;

/** How often a request that waits for others to agree looks whether they are back (ms). */
const AGREEMENT_CHECK = 500;

export interface ManagersOptions {
  store: Store;
  clock: Clock;
  /** Whether the node's machine is up and takes part; one that is cut off can do so only as long as it needs nobody else. */
  isAlive: (nodeId: string, isAlone: boolean) => boolean;
  /** Whether the node's machine can be heard at this moment; one that is missed for less than a while counts as alive all the same. */
  isHeard: (nodeId: string) => boolean;
  /** A manager has become the leader. */
  elected: (nodeId: string) => void;
  /** There is no leader any more. */
  lost: () => void;
}

/**
 * The managers of one swarm: who of them is reachable, who leads, and whether there are enough of them. There is one store inside, so
 * nothing has to be agreed upon; what users see follows the arithmetic of a quorum all the same.
 */
export class Managers implements ManagerRules, Disposable {
  readonly #options: ManagersOptions;
  readonly #waiting = new Set<{ resolve: () => void; timer: Disposable }>();
  #leader: string | undefined;
  #election: Disposable | undefined;
  /** Runs while a leader has no quorum and has not noticed. */
  #doubt: Disposable | undefined;

  constructor(options: ManagersOptions) {
    this.#options = options;
  }

  get leader(): string | undefined {
    return this.#leader;
  }

  /** Reachable and unreachable managers. */
  count(): { reachable: number; unreachable: number } {
    const members = this.#members();
    const reachable = members.filter(({ ID }) => this.#isAlive(ID)).length;
    return { reachable, unreachable: members.length - reachable };
  }

  /** The first leader, or one that carries on after the process was restarted: nobody has to wait for an election. */
  start(): void {
    this.#elect();
  }

  /**
   * Something has happened to a manager: the leader may be lost, or a new one be elected after the time that takes. A leader that is
   * demoted hands over at once; one that has lost its quorum notices it some time later.
   */
  review(): void {
    const { reachable, unreachable } = this.count();
    const hasQuorum = reachable > unreachable;
    const [leader, wasDemoted] = [this.#leader, this.#leader !== undefined && !this.#isMember(this.#leader)];
    const isGone = leader !== undefined && (wasDemoted || !this.#isAlive(leader));
    if (leader !== undefined && !isGone && !hasQuorum) {
      this.#doubt ??= this.#options.clock.after(QUORUM_CHECK, () => this.#giveUp());
      return;
    }
    this.#endDoubt();
    if (isGone) this.#loseLeader();
    if (this.#leader !== undefined) this.#writeStatus();
    else if (wasDemoted) this.#elect();
    else this.#prepareElection(reachable + unreachable, leader !== undefined);
  }

  /**
   * Resolves at once, or when the election that is under way has a leader. Rejects when that has none after a request's time: only later
   * requests are told why.
   */
  whenElected(): Promise<void> {
    if (this.#election === undefined) return Promise.resolve();
    return new Promise((resolve, reject) => {
      const timer = this.#options.clock.after(REQUEST_TIMEOUT, () => {
        this.#waiting.delete(waiter);
        reject(ControlError.rpc('DeadlineExceeded', 'context deadline exceeded'));
      });
      const waiter = { resolve, timer };
      this.#waiting.add(waiter);
    });
  }

  /**
   * Resolves when enough managers can be heard for a change to be agreed upon, or when there is no leader who could ask them. Rejects
   * when the leader waits for them in vain.
   */
  async whenAgreed(): Promise<void> {
    if (this.#leader === undefined) return;
    while (!this.#isHeardByQuorum()) {
      await sleep(this.#options.clock, AGREEMENT_CHECK);
      if (this.#leader === undefined)
        throw ControlError.rpc('Unknown', 'raft: failed to process the request: node lost leader status');
    }
  }

  refuseDemotion(view: ReadView, node: Node): void {
    const refuse = (description: string) => ControlError.rpc('FailedPrecondition', description);
    const managers = [...view.nodes.all()].filter(({ role }) => role === 'manager');
    if (managers.length === 1) throw refuse('attempting to demote the last manager of the swarm');
    if (!isMember(node)) throw ControlError.rpc('NotFound', "can't find manager in raft memberlist");
    const left = this.#members().filter(({ ID }) => ID !== node.ID);
    const reachable = left.filter(({ ID }) => this.#isAlive(ID)).length;
    if (reachable <= left.length - reachable)
      throw refuse("can't remove member from the raft: this would result in a loss of quorum");
  }

  dispose(): void {
    this.#endDoubt();
    this.#endElection();
    this.#answerWaiting();
  }

  #members(): Node[] {
    return [...this.#options.store.nodes.all()].filter(isMember);
  }

  #isMember(nodeId: string): boolean {
    return isMember(this.#options.store.nodes.get(nodeId));
  }

  #isAlive(nodeId: string): boolean {
    return this.#options.isAlive(nodeId, this.#members().length === 1);
  }

  #isHeardByQuorum(): boolean {
    const members = this.#members();
    return members.length === 1 || members.filter(({ ID }) => this.#options.isHeard(ID)).length > members.length / 2;
  }

  #giveUp(): void {
    this.#endDoubt();
    this.#loseLeader();
    this.#prepareElection(this.#members().length, true);
  }

  #endDoubt(): void {
    this.#doubt?.dispose();
    this.#doubt = undefined;
  }

  #loseLeader(): void {
    this.#leader = undefined;
    this.#options.lost();
  }

  /** A lone manager needs nobody's vote; several try for an election's time, even if there are too few of them to succeed. */
  #prepareElection(members: number, hasJustLost: boolean): void {
    if (members === 1) this.#elect();
    else if (hasJustLost || this.count().reachable > members / 2)
      this.#election ??= this.#options.clock.after(ELECTION_TIMEOUT, () => this.#elect());
  }

  #endElection(): void {
    this.#election?.dispose();
    this.#election = undefined;
  }

  #answerWaiting(): void {
    for (const { resolve, timer } of this.#waiting) {
      timer.dispose();
      resolve();
    }
    this.#waiting.clear();
  }

  #elect(): void {
    this.#endElection();
    const { reachable, unreachable } = this.count();
    const candidate = this.#members().find(({ ID }) => this.#isAlive(ID));
    if (candidate === undefined || reachable <= unreachable) return;
    this.#leader = candidate.ID;
    this.#writeStatus();
    this.#options.elected(candidate.ID);
    this.#answerWaiting();
  }

  /** Lets in whoever was awaited and has come, and notes how each manager is. */
  #writeStatus(): void {
    const { store } = this.#options;
    const changed = [...store.nodes.all()].flatMap((before) => {
      const node = before.isAwaited === true && this.#isAlive(before.ID) ? withoutWait(before) : before;
      const next = this.#statusOf(node);
      const isSame = node === before && JSON.stringify(next) === JSON.stringify(node.ManagerStatus);
      return isSame ? [] : [withStatus(node, next)];
    });
    if (changed.length === 0) return;
    store.update((transaction) => {
      for (const node of changed) transaction.update('nodes', node);
    });
  }

  #statusOf(node: Node): Node['ManagerStatus'] {
    if (!isMember(node)) return undefined;
    return {
      ...(node.ID === this.#leader ? { Leader: true } : {}),
      Reachability: this.#isAlive(node.ID) ? 'reachable' : 'unreachable',
      Addr: node.managerAddress ?? '',
    };
  }
}

function withoutWait({ isAwaited: _over, ...node }: Node): Node {
  return node;
}

function withStatus(node: Node, status: Node['ManagerStatus']): Node {
  const { ManagerStatus: _old, ...rest } = node;
  return status === undefined ? rest : { ...rest, ManagerStatus: status };
}
