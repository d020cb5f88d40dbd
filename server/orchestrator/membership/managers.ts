import type { Clock, Disposable } from '../../clock/clock.ts';
import type { ManagerRules } from '../api/control-context.ts';
import { ControlError } from '../api/control-error.ts';
import { isMember, type Node } from '../model/objects.ts';
import type { ReadView, Store } from '../store/store.ts';

/** Raft elects a new leader when it has not heard of the old one for ten ticks of a second (ms). */
export const ELECTION_TIMEOUT = 10_000;

export interface ManagersOptions {
  store: Store;
  clock: Clock;
  /** Whether the node's machine is up and takes part; one that is cut off can do so only as long as it needs nobody else. */
  isAlive: (nodeId: string, isAlone: boolean) => boolean;
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
  readonly #waiting: (() => void)[] = [];
  #leader: string | undefined;
  #election: Disposable | undefined;

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
   * demoted hands over at once.
   */
  review(): void {
    const { reachable, unreachable } = this.count();
    const hasQuorum = reachable > unreachable;
    const [leader, wasDemoted] = [this.#leader, this.#leader !== undefined && !this.#isMember(this.#leader)];
    if (leader !== undefined && (wasDemoted || !hasQuorum || !this.#isAlive(leader))) this.#loseLeader();
    if (this.#leader !== undefined) this.#writeStatus();
    else if (wasDemoted) this.#elect();
    else this.#prepareElection(reachable + unreachable, leader !== undefined);
  }

  /** Resolves at once, or when the election that is under way is over. */
  whenElected(): Promise<void> {
    if (this.#election === undefined) return Promise.resolve();
    return new Promise((resolve) => this.#waiting.push(resolve));
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
    this.#endElection();
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
    for (const resolve of this.#waiting.splice(0)) resolve();
  }

  #elect(): void {
    this.#endElection();
    const { reachable, unreachable } = this.count();
    const candidate = this.#members().find(({ ID }) => this.#isAlive(ID));
    if (candidate === undefined || reachable <= unreachable) return;
    this.#leader = candidate.ID;
    this.#writeStatus();
    this.#options.elected(candidate.ID);
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
