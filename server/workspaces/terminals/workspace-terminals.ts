import type { WebSocket } from 'ws';
import { SwarmlabError } from '../../errors/swarmlab-error.ts';
import type { TerminalSize } from '../../terminals/pty.ts';
import type { OpenCluster } from '../cluster/cluster-door.ts';
import type { TerminalView } from '../view/workspace-view.ts';
import type { WorkspaceStore } from '../workspace-store.ts';
import { NodeTerminals } from './node-terminals.ts';

/** The shells of one workspace. They live in the nodes; here is written down which of them are this student's. */
export class WorkspaceTerminals {
  readonly #workspaceId: string;
  readonly #store: WorkspaceStore;
  readonly #changed: (terminals: TerminalView[]) => void;
  #nodes = new Map<string, NodeTerminals>();
  #terminals: TerminalView[] = [];
  /** Whether it is known which shells are still there. */
  #known = false;

  constructor(workspaceId: string, store: WorkspaceStore, changed: (terminals: TerminalView[]) => void) {
    this.#workspaceId = workspaceId;
    this.#store = store;
    this.#changed = changed;
  }

  get list(): TerminalView[] {
    return this.#terminals;
  }

  /** The cluster is up: finds again the shells that are still there, and forgets those that went with their node. */
  async open(cluster: OpenCluster): Promise<void> {
    this.#nodes = new Map(cluster.nodes.map((node) => [node.name, new NodeTerminals(node.agentSocket)]));
    const known = await this.#store.terminals(this.#workspaceId);
    const alive = new Set<string>();
    const unreachable = new Set<string>();
    await Promise.all(
      [...this.#nodes].map(async ([name, node]) => {
        try {
          for (const { id, exitCode } of await node.list()) if (exitCode === undefined) alive.add(id);
        } catch {
          unreachable.add(name);
        }
      }),
    );
    this.#terminals = known.filter(({ id, node }) => alive.has(id) || unreachable.has(node));
    for (const gone of known.filter((terminal) => !this.#terminals.includes(terminal))) {
      await this.#store.removeTerminal(gone.id);
    }
    this.#known = true;
    this.#changed(this.#terminals);
  }

  /** The cluster is gone, and every shell with it. */
  close(): void {
    this.#known = false;
    this.#nodes.clear();
    this.#terminals = [];
    this.#changed(this.#terminals);
  }

  /** Starts a shell on a node. Throws SL_NODE_NOT_FOUND, SL_TERMINAL_LIMIT or SL_HOST_UNREACHABLE. */
  async create(node: string, size: TerminalSize): Promise<TerminalView> {
    const id = await this.#node(node).create(size);
    const terminal = { id, node };
    await this.#store.addTerminal(this.#workspaceId, terminal);
    this.#terminals = [...this.#terminals, terminal];
    this.#changed(this.#terminals);
    return terminal;
  }

  async remove(id: string): Promise<void> {
    const terminal = this.get(id);
    await this.#node(terminal.node).remove(id);
    await this.#store.removeTerminal(id);
    this.#terminals = this.#terminals.filter((other) => other !== terminal);
    this.#changed(this.#terminals);
  }

  /** Throws SL_TERMINAL_NOT_FOUND when it is none of this workspace's, SL_WORKSPACE_BUSY when that is not known yet. */
  get(id: string): TerminalView {
    if (!this.#known) throw new SwarmlabError('SL_WORKSPACE_BUSY', 'the cluster is not up yet');
    const terminal = this.#terminals.find((candidate) => candidate.id === id);
    if (terminal === undefined) throw new SwarmlabError('SL_TERMINAL_NOT_FOUND', `there is no terminal ${id}`);
    return terminal;
  }

  /** A socket to the shell's node, still connecting; its stream begins with byte `from`. */
  connect(id: string, from: number): WebSocket {
    return this.#node(this.get(id).node).connect(id, from);
  }

  #node(name: string): NodeTerminals {
    const node = this.#nodes.get(name);
    if (node === undefined) throw new SwarmlabError('SL_NODE_NOT_FOUND', `the cluster has no node ${name}`);
    return node;
  }
}
