import type { Locator } from 'playwright-core';
import { blocksOf, type LabStep, type ShellBlock, solutionOf } from '../../../server/labs/lab.ts';
import type { QuizAnswer } from '../../../server/labs/quiz.ts';
import { expandText, type Variables } from '../../../server/labs/template.ts';
import type { LabPage } from './lab-page.ts';

/** Somebody who knows the solution of a lab and carries it out in the page: by typing into terminals and answering questions. */
export class Student {
  readonly #lab: LabPage;

  constructor(lab: LabPage) {
    this.#lab = lab;
  }

  /** Goes to step number `number`, counted from 1. */
  async goTo(number: number): Promise<void> {
    await this.#lab.page.getByRole('button', { name: new RegExp(`^Step ${number}:`) }).click();
  }

  /** Types every command of the step's solution, each after the one before has ended. */
  async carryOut(step: LabStep, variables: Variables): Promise<void> {
    for (const block of solutionOf(step, undefined)) {
      await this.#lab.showNode(block.node);
      await this.#prompt(block.node);
      for (const line of commandsOf(block, variables)) {
        await this.#lab.type(line);
        await this.#typed(block.node);
        await this.#lab.page.keyboard.press('Enter');
        if (block.ends !== undefined) await this.#interrupt(block.ends);
        await this.#prompt(block.node);
      }
    }
  }

  /** Answers the questions of the step in its own page. */
  async answer(step: LabStep, answers: ReadonlyMap<string, QuizAnswer>): Promise<void> {
    const questions = this.#lab.page.locator('.question');
    for (const [index, item] of blocksOf(step, 'quiz', undefined)
      .flatMap((block) => block.items)
      .entries()) {
      const answer = answers.get(item.id);
      if (answer === undefined) throw new Error(`there is no answer to ${item.id}`);
      const question = questions.nth(index);
      if (item.style === 'domc') await this.#judge(question, answer, item.options?.length ?? 0);
      else if (item.options !== undefined)
        for (const option of answer) await question.getByLabel(asShown(option), { exact: true }).check();
      else {
        await question.getByRole('textbox').fill(answer.join(' '));
        await question.getByRole('textbox').blur();
      }
    }
  }

  /** Presses Check, and gives the words that the step then has; `done` when it is passed. */
  async check(): Promise<{ done: boolean; words: string }> {
    const panel = this.#lab.page.getByRole('region', { name: 'Check' });
    await panel.getByRole('button').click();
    const headline = await this.#verdict(panel);
    return { done: headline === 'Done' || headline === 'Read', words: (await panel.textContent()) ?? '' };
  }

  /** The headline once the check is over. What the live view sent before its end may come after the answer, for a moment. */
  async #verdict(panel: Locator): Promise<string> {
    for (;;) {
      await panel.getByRole('button', { name: 'Checking …' }).waitFor({ state: 'detached' });
      const headline = (await panel.locator('.check-bar h3').textContent()) ?? '';
      if (!headline.startsWith('Checking')) return headline;
    }
  }

  async #judge(question: Locator, right: QuizAnswer, options: number): Promise<void> {
    for (let judged = 1; judged <= options; judged++) {
      await question.getByText(`Option ${judged} of ${options}`).waitFor();
      const option = (await question.locator('.domc-option').textContent()) ?? '';
      await question
        .getByRole('button', { name: right.some((each) => asShown(each) === option) ? 'Yes' : 'No' })
        .click();
    }
    await question.getByText('are judged').waitFor();
  }

  async #interrupt(ends: NonNullable<ShellBlock['ends']>): Promise<void> {
    if ('when' in ends) await this.#lab.waitForText(ends.when);
    else await this.#lab.page.waitForTimeout(ends.after);
    await this.#lab.page.keyboard.press('Control+c');
  }

  /** Waits until what was typed is there: before, the prompt it was typed at would be taken for the next one. */
  async #typed(node: string): Promise<void> {
    const prompt = `vagrant@${node}:~\\$`;
    await this.#lab.waitForText(new RegExp(`${prompt} +\\S(?![^]*${prompt}\\s*$)`));
  }

  /** Waits until the shell asks for the next command. */
  async #prompt(node: string): Promise<void> {
    await this.#lab.waitForText(new RegExp(`vagrant@${node}:~\\$\\s*$`));
  }
}

/** An option as the page shows it: what stands in backticks is code there. */
function asShown(option: string): string {
  return option.replaceAll('`', '');
}

/** The commands of a block; a line that ends with a backslash goes on in the next one. */
function commandsOf(block: ShellBlock, variables: Variables): string[] {
  return expandText(block.script, variables)
    .replaceAll(/\\\n\s*/g, '')
    .split('\n')
    .filter((line) => line.trim() !== '');
}
