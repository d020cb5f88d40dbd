import { createHash } from 'node:crypto';
import { SwarmlabError } from '../../errors/swarmlab-error.ts';
import type { Lab } from '../../labs/lab.ts';
import { expandText, type Variables } from '../../labs/template.ts';
import type { DomcView } from '../view/workspace-view.ts';
import type { Judgements, WorkspaceStore } from '../workspace-store.ts';

/**
 * The questions of a lab whose options are shown one at a time (Discrete Option Multiple Choice): yes or no to each, and no way back. Which
 * options follow is known only here. An attempt's order is drawn by the workspace's seed, so a reload does not change it.
 */
export class DomcQuestions {
  readonly #workspaceId: string;
  readonly #store: WorkspaceStore;
  readonly #seed: string;
  /** Options by question, as the author wrote them. */
  readonly #options: ReadonlyMap<string, readonly string[]>;
  readonly #judgements = new Map<string, Judgements>();

  constructor(options: { workspaceId: string; lab: Lab; seed: string; store: WorkspaceStore }) {
    this.#workspaceId = options.workspaceId;
    this.#store = options.store;
    this.#seed = options.seed;
    this.#options = domcOptions(options.lab);
  }

  async load(): Promise<void> {
    for (const [item, judgements] of await this.#store.judgements(this.#workspaceId)) {
      this.#judgements.set(item, judgements);
    }
  }

  clear(): void {
    this.#judgements.clear();
  }

  /** Every such question with the option that is to be judged now; `variables` are put into it. */
  views(variables: Variables): DomcView[] {
    return [...this.#options.keys()].map((item) => {
      const order = this.#order(item);
      const judged = this.#judged(item).judged.length;
      const option = order[judged];
      return {
        item,
        judged,
        of: order.length,
        ...(option !== undefined && { option: expandText(option, variables) }),
      };
    });
  }

  /**
   * Says yes or no to option number `number` (counted from 0), which must be the one on show: a second click means nothing. Gives the
   * answer, as the options that got a yes, once all have been judged. Throws SL_STEP_NOT_FOUND for an unknown question.
   */
  async judge(item: string, number: number, yes: boolean): Promise<readonly string[] | undefined> {
    const order = this.#order(item);
    const { attempt, judged } = this.#judged(item);
    if (number !== judged.length || number >= order.length) return undefined;
    const next: Judgements = { attempt, judged: [...judged, yes] };
    this.#judgements.set(item, next);
    await this.#store.setJudgements(this.#workspaceId, item, next);
    return next.judged.length < order.length ? undefined : order.filter((_, index) => next.judged[index]);
  }

  /** Begins a question anew, in another order. Throws SL_STEP_NOT_FOUND for an unknown one. */
  async restart(item: string): Promise<void> {
    this.#order(item);
    const next: Judgements = { attempt: this.#judged(item).attempt + 1, judged: [] };
    this.#judgements.set(item, next);
    await this.#store.setJudgements(this.#workspaceId, item, next);
  }

  #judged(item: string): Judgements {
    return this.#judgements.get(item) ?? { attempt: 0, judged: [] };
  }

  #order(item: string): string[] {
    const options = this.#options.get(item);
    if (options === undefined) throw new SwarmlabError('SL_STEP_NOT_FOUND', `the lab has no question ${item}`);
    const { attempt } = this.#judged(item);
    const drawn = (option: string) =>
      createHash('sha256').update(`${this.#seed}\n${item}\n${attempt}\n${option}`).digest('hex');
    return [...options].sort((a, b) => drawn(a).localeCompare(drawn(b)));
  }
}

function domcOptions(lab: Lab): ReadonlyMap<string, readonly string[]> {
  const items = lab.steps.flatMap((step) => step.blocks.flatMap((block) => (block.kind === 'quiz' ? block.items : [])));
  return new Map(items.flatMap((item) => (item.style === 'domc' && item.options ? [[item.id, item.options]] : [])));
}
