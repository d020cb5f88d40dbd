import { computed, effect, signal } from '@preact/signals';
import type { TerminalView } from '../../server/workspaces/view/workspace-view.ts';
import { type Seen, whereWasI } from '../state/continuity.ts';
import { showNotice, showProblem } from '../state/notice.ts';
import type { WorkspaceModel } from '../state/workspace-model.ts';
import { TerminalSession } from './terminal-session.ts';

/** A tab: one shell of a node, or the promise of a node's first. */
export interface Tab {
  /** The shell's id; the node's name while it has no shell. */
  key: string;
  node: string;
  label: string;
  session: TerminalSession | undefined;
}

/** Size of a new shell until its place in the page is known. */
const DEFAULT_SIZE = { cols: 100, rows: 30 };

/** How long a command waits for the connection of a shell that has just been started. */
const CONNECT_PATIENCE = 8000;

/** All shells of a workspace in the page: which there are, which one is in front. */
export class TerminalDeck {
  readonly activeKey = signal('');
  /** What of the nodes is on show: their shells, or the files of the one in front. */
  readonly showing = signal<'shells' | 'files'>('shells');
  readonly tabs = computed<Tab[]>(() => this.#tabs());
  readonly active = computed(
    () => this.tabs.value.find((tab) => tab.key === this.activeKey.value) ?? this.tabs.value[0],
  );
  readonly #model: WorkspaceModel;
  readonly #sessions = signal<ReadonlyMap<string, TerminalSession>>(new Map());
  readonly #starting = new Map<string, Promise<TerminalSession | undefined>>();
  readonly #stop: () => void;
  #before: Seen;

  constructor(model: WorkspaceModel) {
    this.#model = model;
    this.#before = whereWasI(model.id);
    this.activeKey.value = this.#before.shell ?? '';
    this.#stop = effect(() => this.#follow(model.terminals.value));
  }

  /** Brings a tab to the front, its files when files are on show. */
  choose(tab: Tab): void {
    if (this.showing.peek() === 'files') this.activeKey.value = tab.key;
    else this.activate(tab);
  }

  /** Shows the files of the node in front, or its shell again. */
  toggleFiles(): void {
    this.showing.value = this.showing.peek() === 'files' ? 'shells' : 'files';
  }

  /** Brings a tab to the front and starts its shell if it has none. */
  activate(tab: Tab): void {
    this.activeKey.value = tab.key;
    this.showing.value = 'shells';
    if (tab.session === undefined) void this.startShell(tab.node);
    else tab.session.screen.focus();
  }

  /** Brings a node's (first) shell to the front. */
  activateNode(node: string): void {
    const tab = this.tabs.peek().find((candidate) => candidate.node === node);
    if (tab !== undefined) this.activate(tab);
  }

  /** Starts another shell on a node and brings it to the front; the same one for all who ask while it is being started. */
  startShell(node: string): Promise<TerminalSession | undefined> {
    return this.#starting.get(node) ?? this.#startOnce(node, () => this.#start(node));
  }

  /**
   * Puts a new shell in the place of one that has ended. That one may be out of the page before the server has answered, and the empty
   * tab ask for a shell of its own: it gets this one.
   */
  renewShell(tab: Tab): Promise<TerminalSession | undefined> {
    return this.#startOnce(tab.node, async () => {
      await this.closeShell(tab);
      return this.#start(tab.node);
    });
  }

  /** Hangs a shell up. */
  async closeShell(tab: Tab): Promise<void> {
    if (tab.session === undefined) return;
    try {
      await this.#model.api.removeTerminal(tab.session.id);
    } catch (error) {
      showProblem(error);
    }
  }

  /** Types a script into the node's shell that is in front (or its first), starting one if there is none. */
  async run(node: string, script: string): Promise<void> {
    const tab = this.#tabOf(node);
    const session = tab?.session ?? (await this.startShell(node));
    if (session === undefined) return;
    this.activeKey.value = session.id;
    this.showing.value = 'shells';
    session.screen.terminal.scrollToBottom();
    if (!(await isOpen(session)) || !session.type(`${script.replaceAll('\n', '\r')}\r`)) {
      showNotice({ text: `The terminal of ${node} is not connected.`, next: 'Nothing was typed.', tone: 'problem' });
      return;
    }
    session.screen.focus();
  }

  /** Presses Ctrl-C in the node's shell. */
  interrupt(node: string): void {
    this.#tabOf(node)?.session?.type('\x03');
  }

  /** A shell has come into the page: whoever was typing into it before the page was reloaded goes on typing. */
  shown(session: TerminalSession): void {
    const { shell, typing } = this.#before;
    if (!typing || session.id !== shell) return;
    this.#before = { typing: false };
    if (document.activeElement === document.body) session.screen.focus();
  }

  dispose(): void {
    this.#stop();
    for (const session of this.#sessions.peek().values()) session.dispose();
  }

  #tabOf(node: string): Tab | undefined {
    const active = this.active.peek();
    return active?.node === node ? active : this.tabs.peek().find((candidate) => candidate.node === node);
  }

  #tabs(): Tab[] {
    const sessions = [...this.#sessions.value.values()];
    return (this.#model.status.value?.nodes ?? []).flatMap(({ name }): Tab[] => {
      const shells = sessions.filter((session) => session.node === name);
      if (shells.length === 0) return [{ key: name, node: name, label: name, session: undefined }];
      return shells.map((session, index) => {
        const label = index === 0 ? name : `${name} ${index + 1}`;
        return { key: session.id, node: name, label, session };
      });
    });
  }

  #startOnce(node: string, start: () => Promise<TerminalSession | undefined>): Promise<TerminalSession | undefined> {
    const starting = start().finally(() => this.#starting.delete(node));
    this.#starting.set(node, starting);
    return starting;
  }

  async #start(node: string): Promise<TerminalSession | undefined> {
    try {
      const terminal = await this.#model.api.createTerminal(node, this.#size());
      const session = this.#sessionOf(terminal);
      this.activeKey.value = terminal.id;
      return session;
    } catch (error) {
      showProblem(error);
      return undefined;
    }
  }

  /** A new shell begins with the size of the one in front, so that it need not draw its prompt twice. */
  #size(): { cols: number; rows: number } {
    return this.active.peek()?.session?.screen.wantedSize ?? DEFAULT_SIZE;
  }

  #sessionOf(terminal: TerminalView): TerminalSession {
    const known = this.#sessions.peek().get(terminal.id);
    if (known !== undefined) return known;
    const session = new TerminalSession(terminal, this.#model.api);
    this.#sessions.value = new Map(this.#sessions.peek()).set(terminal.id, session);
    return session;
  }

  /** Keeps a session for each shell that the server tells of, and for no other. */
  #follow(terminals: readonly TerminalView[]): void {
    for (const terminal of terminals) this.#sessionOf(terminal);
    const there = new Set(terminals.map((terminal) => terminal.id));
    const gone = [...this.#sessions.peek().values()].filter(
      (session) => !there.has(session.id) && !this.#isNew(session),
    );
    if (gone.length === 0) return;
    for (const session of gone) session.dispose();
    const kept = [...this.#sessions.peek()].filter(([, session]) => !gone.includes(session));
    this.#sessions.value = new Map(kept);
  }

  /** Whether the session's shell was made by this page and the server's list does not have it yet. */
  #isNew(session: TerminalSession): boolean {
    return this.#starting.has(session.node) && session.state.peek().phase === 'connecting';
  }
}

async function isOpen(session: TerminalSession): Promise<boolean> {
  if (session.state.peek().phase === 'open') return true;
  return new Promise((resolve) => {
    const timer = setTimeout(() => finish(false), CONNECT_PATIENCE);
    let stop: (() => void) | undefined;
    const finish = (open: boolean) => {
      clearTimeout(timer);
      stop?.();
      resolve(open);
    };
    stop = effect(() => {
      if (session.state.value.phase === 'open') queueMicrotask(() => finish(true));
    });
  });
}
