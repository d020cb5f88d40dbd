import { computed, effect, signal } from '@preact/signals';
import type { ClusterView } from '../../server/workspaces/view/cluster-view.ts';
import type { LabView } from '../../server/workspaces/view/lab-view.ts';
import { type LiveMessage, liveMessage } from '../../server/workspaces/view/live-message.ts';
import type {
  ClusterStatus,
  DomcView,
  StepProgress,
  TerminalView,
} from '../../server/workspaces/view/workspace-view.ts';
import { ApiError } from '../api/api-error.ts';
import { LastingSocket, type SocketState, socketUrl } from '../api/lasting-socket.ts';
import { Turns } from '../api/turns.ts';
import { type WorkspaceApi, workspaceApi } from '../api/workspace-api.ts';
import { announce } from './announcer.ts';
import { applyChange, NO_CLUSTER } from './cluster-state.ts';
import { whereWasI } from './continuity.ts';
import { showNotice, showProblem } from './notice.ts';
import { prefs } from './preferences.ts';

/** One workspace as the page knows it: kept up to date by its live socket. */
export class WorkspaceModel {
  readonly id: string;
  readonly api: WorkspaceApi;
  readonly connection = signal<SocketState>('connecting');
  readonly lab = signal<LabView | undefined>(undefined);
  /** The language that the lab is shown in, and those that it can be shown in. */
  readonly language = signal('en');
  readonly languages = signal<string[]>([]);
  /** When the student began, by this browser's clock. */
  readonly startedAt = signal(0);
  readonly status = signal<ClusterStatus | undefined>(undefined);
  readonly cluster = signal<ClusterView>(NO_CLUSTER);
  readonly terminals = signal<TerminalView[]>([]);
  readonly progress = signal<ReadonlyMap<string, StepProgress>>(new Map());
  readonly answers = signal<Readonly<Record<string, string[]>>>({});
  readonly domc = signal<ReadonlyMap<string, DomcView>>(new Map());
  /** Why there is nothing to show, if there is nothing. */
  readonly refused = signal<ApiError | undefined>(undefined);
  /** The step on show; -1 is the introduction. */
  readonly stepIndex = signal(-1);
  readonly step = computed(() => this.lab.value?.steps[this.stepIndex.value]);
  readonly ready = computed(() => this.status.value?.phase === 'ready');
  /** Answers and what judges them: a check must not come before the answer that was given before it. */
  readonly #turns = new Turns();
  readonly #socket: LastingSocket;
  /** Steps whose check was asked for here and is not answered yet. */
  readonly #asked = signal<ReadonlySet<string>>(new Set());
  readonly #stopWatching: () => void;

  constructor(id: string) {
    this.id = id;
    this.api = workspaceApi(id);
    this.#socket = new LastingSocket({
      // The upgrade's refusal carries no reason that a page may read, so it is asked for beforehand.
      open: async () => {
        const response = await fetch(`/api/workspaces/${id}`).catch(() => undefined);
        if (response !== undefined && !response.ok) throw await ApiError.from(response);
        return new WebSocket(socketUrl(`/api/workspaces/${id}/live`));
      },
      onOpen: () => this.#watch(),
      onMessage: (data) => this.#receive(data),
      onState: (state) => {
        this.connection.value = state;
      },
      isFinal: (error) =>
        error instanceof ApiError && (error.code === 'SL_NOT_SIGNED_IN' || error.code === 'SL_WORKSPACE_NOT_FOUND'),
      onFinal: (error) => {
        if (error instanceof ApiError) this.refused.value = error;
      },
    });
    this.#stopWatching = effect(() => {
      void this.step.value;
      void this.ready.value;
      this.#watch();
    });
  }

  /** How a step stands. */
  progressOf(step: string): StepProgress {
    const nothing = { step, passed: false, points: 0, checking: false, checked: false, verdicts: [], hints: [] };
    const known = this.progress.value.get(step) ?? nothing;
    return this.#asked.value.has(step) ? { ...known, checking: true } : known;
  }

  /** Shows that step (or, with -1, the introduction). */
  goToStep(index: number): void {
    const last = (this.lab.peek()?.steps.length ?? 0) - 1;
    this.stepIndex.value = Math.max(-1, Math.min(last, index));
    announce(this.step.peek()?.title ?? 'Introduction');
  }

  async check(step: string): Promise<void> {
    if (this.#asked.peek().has(step)) return;
    this.#asked.value = new Set([...this.#asked.peek(), step]);
    await this.#try(async () => {
      const progress = await this.#turns
        .take(() => this.api.check(step))
        .finally(() => {
          this.#asked.value = new Set([...this.#asked.peek()].filter((other) => other !== step));
        });
      this.#setProgress(progress);
      if (progress.passed) return;
      const open = progress.verdicts.filter(({ outcome }) => outcome !== 'pass' && outcome !== 'unobservable').length;
      announce(`Not there yet: ${open} of ${progress.verdicts.length} checks are open.`);
    });
  }

  async nextHint(step: string): Promise<void> {
    await this.#try(async () => this.#setProgress(await this.api.nextHint(step)));
  }

  async answer(question: string, given: string[]): Promise<void> {
    this.answers.value = { ...this.answers.peek(), [question]: given };
    await this.#try(() => this.#turns.take(() => this.api.answer(question, given)));
  }

  /** Says yes or no to the option of a question that is on show. */
  async judge(question: string, number: number, yes: boolean): Promise<void> {
    await this.#try(async () => this.#setDomc(await this.#turns.take(() => this.api.judge(question, number, yes))));
  }

  /** Begins a question with one option at a time anew. */
  async restartQuestion(question: string): Promise<void> {
    await this.#try(async () => this.#setDomc(await this.#turns.take(() => this.api.restartQuestion(question))));
  }

  async reset(): Promise<void> {
    await this.#try(() => this.api.reset());
  }

  /** Shows the lab in another of its languages. */
  async speak(language: string): Promise<void> {
    await this.#try(() => this.api.speak(language));
  }

  async bringClusterUp(): Promise<void> {
    await this.#try(() => this.api.bringClusterUp());
  }

  close(): void {
    this.#stopWatching();
    this.#socket.close();
  }

  async #try(action: () => Promise<void>): Promise<void> {
    try {
      await action();
    } catch (error) {
      showProblem(error);
    }
  }

  /** The language that was chosen in this browser, else the first of the browser's own that the lab has. */
  #speakAsWished(): void {
    const wished = [prefs.peek().language ?? [], ...navigator.languages].flat();
    const known = this.languages.peek();
    const language = wished.flatMap((each) => known.find((one) => one === each || one === each.split('-')[0]) ?? [])[0];
    if (language !== undefined && language !== this.language.peek()) void this.speak(language);
  }

  #watch(): void {
    const step = this.ready.peek() ? (this.step.peek()?.id ?? null) : null;
    this.#socket.send(JSON.stringify({ type: 'watch', step }));
  }

  #receive(data: string | ArrayBuffer): void {
    if (typeof data === 'string') this.#take(liveMessage.parse(JSON.parse(data)));
  }

  #take(message: LiveMessage): void {
    switch (message.type) {
      case 'workspace': {
        const { lab, cluster, terminals, progress, answers, domc } = message.workspace;
        const first = this.lab.peek() === undefined;
        this.progress.value = new Map(progress.map((step) => [step.step, step]));
        this.startedAt.value = message.workspace.startedAt + Date.now() - message.workspace.now;
        this.lab.value = lab;
        this.language.value = message.workspace.language;
        this.languages.value = message.workspace.languages;
        if (first) this.#speakAsWished();
        this.status.value = cluster;
        this.terminals.value = terminals;
        this.answers.value = answers;
        this.domc.value = new Map(domc.map((question) => [question.item, question]));
        if (first) this.stepIndex.value = whereWasI(this.id).step ?? firstOpenStep(lab, progress);
        break;
      }
      case 'status':
        this.status.value = message.status;
        break;
      case 'cluster':
        this.cluster.value = message.cluster;
        break;
      case 'change':
        this.cluster.value = applyChange(this.cluster.peek(), message.change);
        break;
      case 'step':
        this.#setProgress(message.progress);
        break;
      case 'terminals':
        this.terminals.value = message.terminals;
        break;
    }
  }

  #setDomc(question: DomcView): void {
    this.domc.value = new Map(this.domc.peek()).set(question.item, question);
    announce(question.option ?? 'All options judged.');
  }

  #setProgress(progress: StepProgress): void {
    const before = this.progress.peek().get(progress.step);
    this.progress.value = new Map(this.progress.peek()).set(progress.step, progress);
    if (before !== undefined && !before.passed && progress.passed) {
      const title = this.lab.peek()?.steps.find((step) => step.id === progress.step)?.title ?? progress.step;
      showNotice({ text: `Done: ${title}.`, tone: 'plain' });
    }
  }
}

/** Where to go on: the first step that is not passed, or the introduction when nothing has been done. */
function firstOpenStep(lab: LabView, progress: readonly StepProgress[]): number {
  const passed = new Set(progress.filter((step) => step.passed).map((step) => step.step));
  if (passed.size === 0) return -1;
  const open = lab.steps.findIndex((step) => !passed.has(step.id));
  return open === -1 ? lab.steps.length - 1 : open;
}
