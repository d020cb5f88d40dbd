import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import type { LabPage } from './support/lab-page.ts';
import { Tour } from './support/tour.ts';

let tour: Tour;
let lab: LabPage;

beforeAll(async () => {
  tour = await Tour.begin();
  lab = tour.lab;
  await lab.openLab('A short tour');
});

afterAll(() => tour.end());

afterEach(() => expect(lab.complaints).toEqual([]));

/** The ID of the part of the page that has the focus. */
const focusedPart = () =>
  lab.page.evaluate(
    () => document.activeElement?.closest('#top-bar, #lab-text, #terminals, #cluster-view')?.id ?? 'elsewhere',
  );

test('without a session there is only the way to sign in', async () => {
  const context = await tour.browser.newContext();
  const page = await context.newPage();
  await page.goto(tour.served.origin);
  await page.getByRole('heading', { name: 'Sign in' }).waitFor();
  await page.goto(tour.served.signInLink);
  await page.getByRole('heading', { name: 'That link is used up' }).waitFor();
  await context.close();
});

test('F6 leads through every part of the page, out of a terminal too', async () => {
  await lab.page.locator('#lab-text').focus();
  const parts: string[] = [];
  for (let times = 0; times < 4; times++) {
    await lab.page.keyboard.press('F6');
    parts.push(await focusedPart());
  }
  expect(parts).toEqual(['terminals', 'cluster-view', 'top-bar', 'lab-text']);
  await lab.page.keyboard.press('Shift+F6');
  expect(await focusedPart()).toBe('top-bar');
});

test('everything is listed and worked by the keyboard', async () => {
  await lab.page.keyboard.press('Alt+Shift+?');
  await lab.page.getByRole('dialog', { name: 'Keyboard shortcuts' }).waitFor();
  await lab.page.getByRole('rowheader', { name: 'Alt+Shift+K' }).waitFor();
  await lab.page.keyboard.press('Escape');
  await lab.page.keyboard.press('Alt+Shift+N');
  await lab.page.getByRole('heading', { name: 'Say hello' }).waitFor();
  await lab.page.keyboard.press('Alt+Shift+2');
  await expect.poll(() => lab.page.getByRole('tab', { name: 'worker1' }).getAttribute('aria-selected')).toBe('true');
  await lab.page.keyboard.press('Alt+Shift+P');
  await lab.page.getByText('Something to read').waitFor();
  await lab.page.keyboard.press('Alt+Shift+1');
});

test('a lab’s HTML is shown as text and runs nothing', async () => {
  await lab.page.getByText('<script>window.broken = true</script>', { exact: false }).waitFor();
  expect(await lab.page.evaluate(() => 'broken' in window)).toBe(false);
});

test('the step, answers and hints are kept over a reload, a check tells which answer is not right', async () => {
  await lab.page.keyboard.press('Alt+Shift+N');
  await lab.page.getByRole('radio', { name: 'Sun' }).check();
  await lab.page.getByRole('button', { name: /Show a hint/ }).click();
  await lab.page.getByText('First hint.').waitFor();
  await lab.page.getByRole('button', { name: 'Check', exact: true }).click();
  await lab.page.getByText('answered Sun').waitFor();
  await lab.page.reload();
  await lab.page.getByRole('heading', { name: 'Say hello' }).waitFor();
  await lab.page.getByText('First hint.').waitFor();
  expect(await lab.page.getByRole('radio', { name: 'Sun' }).isChecked()).toBe(true);
});

test('a check waits for the answer that was given before it, however slow its way', async () => {
  await lab.page.route('**/answers/*', async (route) => {
    await new Promise((resolve) => setTimeout(resolve, 800));
    await route.continue();
  });
  await lab.page.getByRole('radio', { name: 'Mars' }).check();
  await lab.page.getByRole('button', { name: 'Check', exact: true }).click();
  await lab.page.locator('.verdict-good', { hasText: 'capital' }).waitFor();
  await lab.page.unroute('**/answers/*');
});

test('dark and light follow the system until one is chosen', async () => {
  const theme = () => lab.page.evaluate(() => document.documentElement.dataset.theme);
  await lab.page.emulateMedia({ colorScheme: 'dark' });
  await expect.poll(theme).toBe('dark');
  await lab.page.emulateMedia({ colorScheme: 'light' });
  await expect.poll(theme).toBe('light');
  await lab.page.getByRole('button', { name: 'Dark colours' }).click();
  await expect.poll(theme).toBe('dark');
  await lab.page.reload();
  expect(await theme()).toBe('dark');
});

test('panes are resized by keyboard, and stay so', async () => {
  const separator = lab.page.getByRole('separator', { name: 'Width of the lab' });
  await separator.focus();
  const before = Number(await separator.getAttribute('aria-valuenow'));
  await lab.page.keyboard.press('ArrowRight');
  expect(Number(await separator.getAttribute('aria-valuenow'))).toBe(before + 2);
  await lab.page.reload();
  expect(Number(await separator.getAttribute('aria-valuenow'))).toBe(before + 2);
});

test('screen readers find landmarks, names and a live region', async () => {
  for (const role of ['banner', 'main', 'tablist', 'navigation'] as const) {
    await lab.page.getByRole(role).first().waitFor();
  }
  await lab.page.getByRole('region', { name: 'Terminals' }).waitFor();
  await lab.page.getByRole('region', { name: 'Cluster' }).waitFor();
  const nameless = await lab.page.evaluate(() =>
    [...document.querySelectorAll('button, a, input')]
      .filter((element) => element.checkVisibility())
      .filter(
        (element) =>
          !element.getAttribute('aria-label') &&
          !element.textContent?.trim() &&
          !(element instanceof HTMLInputElement && (element.labels?.length ?? 0) > 0),
      )
      .map((element) => element.outerHTML),
  );
  expect(nameless).toEqual([]);
});

test('a lab is read in another language, each word in the language that it is said to be in', async () => {
  const language = (selector: string, text: string) =>
    lab.page
      .locator(selector, { hasText: text })
      .first()
      .evaluate((element) => element.closest('[lang]')?.getAttribute('lang'));
  const heading = (name: string) => lab.page.getByRole('heading', { name, level: 2, exact: true });
  await lab.page.getByRole('button', { name: 'Introduction' }).click();
  await lab.page.getByLabel('Language').selectOption({ label: 'español' });
  await heading('Una vuelta corta').waitFor();
  await lab.page.getByRole('button', { name: 'Step 1: Di hola' }).click();
  await lab.page.getByRole('button', { name: 'Check', exact: true }).click();
  await lab.page
    .locator('.verdict', { hasText: '¿Cuál es un planeta?' })
    .getByText(/answered (Luna|Marte|Sol)/)
    .waitFor();
  for (const [selector, text] of [
    ['h2', 'Di hola'],
    ['.prose', 'Escríbelo'],
    ['.question-option span', 'Marte'],
    ['.verdict-title strong', '¿Cuál es un planeta?'],
  ] as const)
    expect(await language(selector, text), text).toBe('es');
  for (const [selector, text] of [
    ['button', 'Next'],
    ['.check-panel h3', 'are so'],
    ['.verdict-title strong', 'How many nodes are there?'],
    ['.verdict-observed dd', 'answered'],
  ] as const)
    expect(await language(selector, text), text).toBe('en');
  await lab.page.getByRole('button', { name: 'Step 2: Count' }).click();
  await heading('Count').waitFor();
  expect(await language('h2', 'Count')).toBe('en');
  await lab.page.getByRole('button', { name: 'Step 3: Mira' }).click();
  await lab.page.locator('.verdict-title', { hasText: 'Has mirado los nodos' }).waitFor();
  await lab.page.reload();
  await heading('Mira').waitFor();
  await lab.page.getByRole('button', { name: 'Introduction' }).click();
  await lab.page.getByLabel('Language').selectOption({ label: 'English' });
  await heading('A short tour').waitFor();
});
