import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { AxeResults } from 'axe-core';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { LabPage } from './support/lab-page.ts';
import { Tour } from './support/tour.ts';

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
/** WCAG 2.2, levels A and AA, and what the makers of axe recommend besides. */
const RULES = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];

let tour: Tour;
let lab: LabPage;

beforeAll(async () => {
  tour = await Tour.begin();
  lab = tour.lab;
});

afterAll(() => tour.end());

/** What axe finds wrong with a part of the page as it is, in words: the rule and the elements. */
async function findings(part: string): Promise<string[]> {
  await lab.page.evaluate(AXE);
  const { violations } = await lab.page.evaluate(
    async ([rules, within]): Promise<AxeResults> => {
      const { axe } = globalThis as unknown as { axe: typeof import('axe-core') };
      return axe.run(within, { runOnly: rules, resultTypes: ['violations'] });
    },
    [RULES, part] as const,
  );
  return violations.flatMap(({ id, help, nodes: elements }) =>
    elements.map(({ html, failureSummary }) => `${id}: ${help}\n${html}\n${failureSummary}`),
  );
}

const expectNothingWrong = async (where: string, part = 'html') => expect(await findings(part), where).toEqual([]);

describe.each(['light', 'dark'] as const)('in %s colours axe finds nothing wrong', (colours) => {
  beforeEach(async () => {
    await lab.page.emulateMedia({ colorScheme: colours, reducedMotion: 'reduce' });
  });

  test('with the labs and the way to sign in', async () => {
    await lab.page.goto(tour.served.origin);
    await lab.page.getByRole('heading', { name: 'A short tour' }).waitFor();
    await expectNothingWrong('the labs');
    await lab.page.goto(tour.served.signInLink);
    await lab.page.goto(tour.served.origin);
  });

  test('with a lab: its text, terminals, verdicts, hints, a dialog, a menu', async () => {
    await lab.page.goto(tour.served.origin);
    await lab.openLab('A short tour');
    await lab.waitForText('vagrant@master:~$ ');
    await expectNothingWrong('the introduction');
    await lab.page.getByRole('button', { name: /^Step 1:/ }).click();
    await lab.page.getByRole('heading', { name: 'Say hello' }).waitFor();
    await lab.page.getByRole('radio', { name: 'Sun' }).check();
    await lab.page.getByRole('button', { name: 'Check', exact: true }).click();
    await lab.page.getByText('answered Sun').waitFor();
    const hint = lab.page.getByRole('button', { name: /Show a hint/ });
    if (await hint.isVisible()) await hint.click();
    await lab.page.getByText('First hint.').waitFor();
    await expectNothingWrong('a step with verdicts');
    await lab.page.keyboard.press('Alt+Shift+?');
    await lab.page.getByRole('dialog').waitFor();
    await expectNothingWrong('the dialog');
    await lab.page.keyboard.press('Escape');
    await lab.page.getByRole('button', { name: 'Workspace', exact: true }).click();
    await lab.page.getByRole('menu').waitFor();
    // Alone: what lies half behind an open menu is small to aim at, and is not to be aimed at.
    await expectNothingWrong('the menu', '.menu');
    await lab.page.keyboard.press('Escape');
  });

  test('with files: the tree, the editor', async () => {
    await lab.page.getByRole('button', { name: 'Files' }).click();
    const files = lab.page.getByRole('region', { name: 'Files on master' });
    await files.waitFor();
    await expectNothingWrong('no file');
    await files.getByRole('button', { name: 'New file', exact: true }).click();
    await lab.page.keyboard.press('Control+a');
    await lab.page.keyboard.type(`${colours}.yml`);
    await lab.page.keyboard.press('Enter');
    await files.locator('.cm-content').waitFor();
    await lab.page.keyboard.insertText(
      'services:\n  web:\n    image: nginx # one\n    replicas: 3\n    command: ["a"\n',
    );
    await files.locator('.cm-lint-marker-error').waitFor();
    await expectNothingWrong('the editor');
    await lab.page.keyboard.press('Control+s');
    await files.getByText('· not saved').waitFor({ state: 'detached' });
    await lab.page.keyboard.press('Alt+Shift+F');
  });
});
