import type { Disposable } from '../../clock/clock.ts';
import { SwarmlabError } from '../../errors/swarmlab-error.ts';
import type { StepSession } from '../../grading/step-session.ts';
import type { StepVerdict } from '../../grading/step-verdict.ts';
import type { Lab, LabStep } from '../../labs/lab.ts';
import type { Variables } from '../../labs/template.ts';
import { fromOriginal, type Translation, toOriginal, translate } from '../../labs/translation/translation.ts';
import type { LabReading } from '../lab/lab-for-page.ts';
import type { DomcView, StepProgress } from '../view/workspace-view.ts';
import type { Answers, StepRecord, WorkspaceStore } from '../workspace-store.ts';
import { DomcQuestions } from './domc-questions.ts';
import { StepBoard } from './step-board.ts';
import { findQuestion, type StepSessions } from './step-sessions.ts';
import { translateVerdict, type VerdictReading } from './translate-verdict.ts';

export interface WorkspaceStepsOptions {
  workspaceId: string;
  lab: Lab;
  /** The lab's variables as drawn for this student. */
  variables: Variables;
  variant: string | undefined;
  /** What the order of a question's options is drawn from. */
  seed: string;
  store: WorkspaceStore;
  changed: (progress: StepProgress) => void;
  /** Checks have bound names that the lab's text may use. */
  learned: () => void;
}

/** How far a student is in a lab: checks, hints, answers. Without a cluster there is nothing to check by, all else is there. */
export class WorkspaceSteps {
  #options: WorkspaceStepsOptions;
  readonly #board: StepBoard;
  #domc: DomcQuestions;
  readonly #checking = new Map<string, AbortController>();
  readonly #watched = new Set<{ stepId: string; session: Disposable }>();
  /** Steps that had begun before this server did: what was there then is not known. */
  #begunBefore: ReadonlySet<string> = new Set();
  /** For each step begun since, what is not there when it begins, as soon as that is noted. */
  readonly #noting = new Map<string, Promise<void>>();
  #sessions: StepSessions | undefined;
  #translation: Translation | undefined;
  #facts: Variables = {};
  #answers: Answers = {};

  constructor(options: WorkspaceStepsOptions) {
    this.#options = options;
    this.#board = new StepBoard(options.workspaceId, options.store);
    this.#domc = new DomcQuestions(options);
  }

  /** Takes up what the store has; `facts` are the names that checks have bound. */
  async load(facts: Variables): Promise<void> {
    this.#facts = facts;
    this.#answers = await this.#options.store.answers(this.#options.workspaceId);
    this.#begunBefore = await this.#board.load();
    await this.#domc.load();
  }

  /** There is a cluster to judge by. */
  open(sessions: StepSessions): void {
    this.#sessions = sessions;
  }

  /** There is none any more: gives up what is being checked. */
  close(): void {
    for (const controller of this.#checking.values()) controller.abort();
    this.#checking.clear();
    this.#sessions?.dispose();
    this.#sessions = undefined;
  }

  /** Forgets everything that was done. */
  clear(): void {
    this.#board.clear();
    this.#begunBefore = new Set();
    this.#noting.clear();
    this.#domc.clear();
    this.#facts = {};
    this.#answers = {};
  }

  /**
   * The author has changed the lab: text, questions and checks are the new ones, what was done and answered stays. `sessions` judge by the
   * new lab, if there is a cluster.
   */
  async replaceLab(lab: Lab, variables: Variables, sessions: StepSessions | undefined): Promise<void> {
    this.close();
    this.#options = { ...this.#options, lab, variables };
    this.#domc = new DomcQuestions(this.#options);
    await this.#domc.load();
    this.#sessions = sessions;
    for (const watched of this.#watched) {
      watched.session.dispose();
      const step = lab.steps.find(({ id }) => id === watched.stepId);
      if (step !== undefined && sessions !== undefined) watched.session = await this.#watchStep(step);
    }
  }

  /** One look at every step, as the cluster stands; nothing without a cluster. */
  async glance(): Promise<StepVerdict[]> {
    const verdicts: StepVerdict[] = [];
    for (const step of this.#sessions === undefined ? [] : this.#options.lab.steps)
      verdicts.push(await this.#session(step, await this.#begin(step)).glance());
    return verdicts;
  }

  /** What the lab's text is shown with. */
  get reading(): LabReading {
    return { variables: { ...this.#options.variables, ...this.#facts }, variant: this.#options.variant };
  }

  get answers(): Answers {
    return Object.fromEntries(
      Object.entries(this.#answers).map(([item, given]) => [item, this.#inReading(item, given)]),
    );
  }

  /** The lab as the student reads it: in the language that was asked for, where the translation has it. */
  get shown(): Lab {
    const { lab } = this.#options;
    return this.#translation === undefined ? lab : translate(lab, this.#translation);
  }

  /** Shows the lab in another language, or in its own. Grading and what is kept stay in its own words. */
  read(translation: Translation | undefined): void {
    this.#translation = translation;
  }

  /** The questions whose options are shown one at a time, and how far each is. */
  get domc(): DomcView[] {
    return this.#domc.views(this.reading.variables).map(({ option, ...view }) => ({
      ...view,
      ...(option !== undefined && { option: this.#inReading(view.item, [option])[0] ?? option }),
    }));
  }

  get progress(): StepProgress[] {
    return this.#options.lab.steps.map((step) => this.#view(step));
  }

  /**
   * Checks a step as the lab says, which may take as long as its checks allow; one of the same step that is going on is given up.
   * Resolves with how it stands then. Throws SL_STEP_NOT_FOUND, SL_WORKSPACE_BUSY.
   */
  async check(stepId: string): Promise<StepProgress> {
    const step = this.#step(stepId);
    const session = await this.#open(step);
    this.#checking.get(stepId)?.abort();
    const controller = new AbortController();
    this.#checking.set(stepId, controller);
    this.#tell(step);
    try {
      const onLook = (verdict: StepVerdict) => this.#show(step, verdict);
      const verdict = await session.check({ signal: controller.signal, onLook });
      if (!controller.signal.aborted) await this.#finish(step, session, verdict);
    } finally {
      if (this.#checking.get(stepId) === controller) this.#checking.delete(stepId);
      this.#tell(step);
    }
    return this.#view(step);
  }

  /** Shows how a step stands as the cluster changes, until disposed; once all of it seems to be there, checks it in earnest. */
  async watch(stepId: string): Promise<Disposable> {
    const watched = { stepId, session: await this.#watchStep(this.#step(stepId)) };
    this.#watched.add(watched);
    return {
      dispose: () => {
        this.#watched.delete(watched);
        watched.session.dispose();
      },
    };
  }

  async #watchStep(step: LabStep): Promise<Disposable> {
    const session = await this.#open(step);
    return session.watch((verdict) => {
      if (this.#checking.has(step.id)) return;
      const passed = this.#board.get(step.id)?.passed ?? false;
      if (verdict.outcome === 'passed' && !passed) void this.check(step.id);
      else if (verdict.outcome !== 'unchecked') this.#show(step, verdict);
    });
  }

  /** Shows one hint more; resolves with how the step stands then. */
  async nextHint(stepId: string): Promise<StepProgress> {
    const step = this.#step(stepId);
    await this.#board.showHint(await this.#begin(step));
    this.#tell(step);
    return this.#view(step);
  }

  /** Writes down an answer; the step's check judges it. Throws SL_STEP_NOT_FOUND for an unknown question. */
  async answer(item: string, given: readonly string[]): Promise<void> {
    const question = findQuestion(this.#options.lab, item);
    if (question === undefined || question.style === 'domc') {
      throw new SwarmlabError('SL_STEP_NOT_FOUND', `the lab has no question ${item} that is answered so`);
    }
    const original = this.#translation && toOriginal(this.#options.lab, this.#translation, item, given);
    await this.#keepAnswer(item, original ?? given);
  }

  /** Says yes or no to the option on show of a question; number `number` counted from 0. */
  async judge(item: string, number: number, yes: boolean): Promise<void> {
    const given = await this.#domc.judge(item, number, yes);
    if (given !== undefined) await this.#keepAnswer(item, given);
  }

  /** Forgets what was said to the options of a question; they come again, in another order. */
  async restartQuestion(item: string): Promise<void> {
    await this.#domc.restart(item);
    const { [item]: _forgotten, ...others } = this.#answers;
    this.#answers = others;
    await this.#options.store.removeAnswer(this.#options.workspaceId, item);
  }

  async #keepAnswer(item: string, given: readonly string[]): Promise<void> {
    await this.#options.store.setAnswer(this.#options.workspaceId, item, given);
    this.#answers = { ...this.#answers, [item]: given };
  }

  #step(id: string): LabStep {
    const step = this.#options.lab.steps.find((candidate) => candidate.id === id);
    if (step === undefined) throw new SwarmlabError('SL_STEP_NOT_FOUND', `the lab has no step ${id}`);
    return step;
  }

  async #begin(step: LabStep): Promise<StepRecord> {
    return this.#board.get(step.id) ?? this.#board.begin(step.id, (await this.#sessions?.witnessed()) ?? {});
  }

  /** The session of a step, which begins if it has not: what is to be gone in the end has to have been there. */
  async #open(step: LabStep): Promise<StepSession> {
    const session = this.#session(step, await this.#begin(step));
    const noting = this.#noting.get(step.id) ?? this.#note(step, session);
    this.#noting.set(step.id, noting);
    await noting;
    return session;
  }

  async #note(step: LabStep, session: StepSession): Promise<void> {
    if (this.#begunBefore.has(step.id)) return;
    await session.noteAbsences();
    session.begin();
  }

  #session(step: LabStep, record: StepRecord): StepSession {
    if (this.#sessions === undefined) throw new SwarmlabError('SL_WORKSPACE_BUSY', 'the cluster is not up yet');
    const { variables, variant } = this.reading;
    return this.#sessions.of({ step, variables, variant, began: record.began, answers: () => this.#answers });
  }

  async #finish(step: LabStep, session: StepSession, verdict: StepVerdict): Promise<void> {
    const record = this.#board.get(step.id);
    if (record !== undefined) await this.#board.finish(record, verdict);
    const known = this.reading.variables;
    const found = Object.entries(session.variables).filter(([name, value]) => known[name] !== value);
    if (found.length > 0) {
      this.#facts = { ...this.#facts, ...Object.fromEntries(found) };
      await this.#options.store.setFacts(this.#options.workspaceId, this.#facts);
      this.#options.learned();
    }
    // The student's next request may already be for the next step.
    const next = this.#options.lab.steps[this.#options.lab.steps.indexOf(step) + 1];
    if (next !== undefined && verdict.outcome === 'passed' && this.#sessions !== undefined) await this.#open(next);
  }

  #show(step: LabStep, verdict: StepVerdict): void {
    this.#board.show(step.id, verdict);
    this.#tell(step);
  }

  #tell(step: LabStep): void {
    this.#options.changed(this.#view(step));
  }

  #inReading(item: string, given: readonly string[]): readonly string[] {
    return this.#translation === undefined ? given : fromOriginal(this.#options.lab, this.#translation, item, given);
  }

  #view(step: LabStep): StepProgress {
    const shown = this.#translation === undefined ? step : this.shown.steps.find(({ id }) => id === step.id);
    const view = this.#board.view(shown ?? step, this.reading, this.#checking.has(step.id));
    const words = this.#translation?.steps.get(step.id);
    const reading: VerdictReading = {
      step,
      variables: this.reading.variables,
      translated: words && this.#translation && { ...words, language: this.#translation.language },
      inReading: (item, given) => this.#inReading(item, given),
    };
    return { ...view, verdicts: view.verdicts.map((verdict) => translateVerdict(verdict, reading)) };
  }
}
