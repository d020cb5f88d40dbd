import type { StepVerdict } from '../../grading/step-verdict.ts';
import type { LabStep } from '../../labs/lab.ts';
import { hintsForPage, type LabReading } from '../lab/lab-for-page.ts';
import type { StepProgress, VerdictView } from '../view/workspace-view.ts';
import type { StepRecord, WorkspaceStore } from '../workspace-store.ts';

/** What is on show about a step and not worth keeping. */
interface Showing {
  verdicts: VerdictView[];
  checked: boolean;
}

/** Where every step of a workspace stands, in the store and for the page. */
export class StepBoard {
  readonly #workspaceId: string;
  readonly #store: WorkspaceStore;
  readonly #records = new Map<string, StepRecord>();
  readonly #showing = new Map<string, Showing>();

  constructor(workspaceId: string, store: WorkspaceStore) {
    this.#workspaceId = workspaceId;
    this.#store = store;
  }

  /** Takes up what the store has; resolves with the steps that have begun. */
  async load(): Promise<ReadonlySet<string>> {
    for (const record of await this.#store.steps(this.#workspaceId)) this.#records.set(record.step, record);
    return new Set(this.#records.keys());
  }

  get(stepId: string): StepRecord | undefined {
    return this.#records.get(stepId);
  }

  /** The step begins: from now on the student's requests count for it. Steps that have begun are left as they are. */
  async begin(stepId: string, began: Readonly<Record<string, number>>): Promise<StepRecord> {
    const known = this.#records.get(stepId);
    if (known !== undefined) return known;
    return this.#keep({ step: stepId, passed: false, points: 0, hintsShown: 0, verdicts: [], began });
  }

  /** A check has ended. What was once passed stays so, with the most points that it had. */
  async finish(record: StepRecord, verdict: StepVerdict): Promise<void> {
    const verdicts = verdict.checks.map(viewVerdict);
    this.#showing.set(record.step, { verdicts, checked: true });
    const passed = verdict.outcome === 'passed' || verdict.outcome === 'unchecked';
    await this.#keep({
      ...record,
      passed: record.passed || passed,
      points: Math.max(record.points, verdict.points.earned),
      verdicts,
    });
  }

  async showHint(record: StepRecord): Promise<void> {
    await this.#keep({ ...record, hintsShown: record.hintsShown + 1 });
  }

  /** Puts verdicts on show that no check has asked for, or of one that is still going on. Who has asked once is told in full from then on. */
  show(stepId: string, verdict: StepVerdict): void {
    const checked = this.#isChecked(stepId);
    this.#showing.set(stepId, { verdicts: verdict.checks.map(viewVerdict), checked });
  }

  clear(): void {
    this.#records.clear();
    this.#showing.clear();
  }

  view(step: LabStep, reading: LabReading, checking: boolean): StepProgress {
    const record = this.#records.get(step.id);
    const showing = this.#showing.get(step.id);
    return {
      step: step.id,
      passed: record?.passed ?? false,
      points: record?.points ?? 0,
      checking,
      checked: this.#isChecked(step.id),
      verdicts: showing?.verdicts ?? record?.verdicts ?? [],
      hints: hintsForPage(step, record?.hintsShown ?? 0, reading),
    };
  }

  #isChecked(stepId: string): boolean {
    return this.#showing.get(stepId)?.checked ?? (this.#records.get(stepId)?.verdicts.length ?? 0) > 0;
  }

  async #keep(record: StepRecord): Promise<StepRecord> {
    this.#records.set(record.step, record);
    await this.#store.setStep(this.#workspaceId, record);
    return record;
  }
}

function viewVerdict(verdict: StepVerdict['checks'][number]): VerdictView {
  const { outcome, title, subject, expected, observed, because, next } = verdict;
  return {
    outcome,
    subject,
    expected,
    observed,
    ...(title !== undefined && { title }),
    ...(because !== undefined && { because }),
    ...(next !== undefined && { next }),
  };
}
