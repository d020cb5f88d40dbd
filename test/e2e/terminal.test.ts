import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import type { LabPage } from './support/lab-page.ts';
import { breaksIn, numbersIn } from './support/numbered-lines.ts';
import { Tour } from './support/tour.ts';

const PROMPT = 'vagrant@master:~$ ';

let tour: Tour;
let lab: LabPage;

beforeAll(async () => {
  tour = await Tour.begin();
  lab = tour.lab;
  await lab.openLab('A short tour');
  await lab.waitForText(PROMPT);
});

afterAll(() => tour.end());

/** Every test has a shell of its own; they all have the page, which has to stay whole. */
beforeEach(() => lab.freshShell('master', PROMPT));
afterEach(() => expect(lab.complaints).toEqual([]));

test('what is typed reaches the shell, characters of any length come back whole', async () => {
  await lab.enter('echo "ñandú €uro 🐳 日本" | tr a-z A-Z');
  await lab.waitForText('ñANDú €URO 🐳 日本');
  await lab.enter(`printf '\\xe2'; sleep 0.3; printf '\\x82'; sleep 0.3; printf '\\xac\\n'`);
  await lab.waitForText(/^€$/m);
});

test('the shell has the size of its place in the page, and follows it', async () => {
  await lab.enter('stty size');
  await lab.waitForText(/^\d+ \d+$/m);
  const sizes = async () =>
    [...(await lab.screen()).matchAll(/^(\d+) (\d+)\s*$/gm)].map(([, rows, columns]) => [
      Number(rows),
      Number(columns),
    ]);
  await lab.page.setViewportSize({ width: 1700, height: 1000 });
  await lab.enter('echo larger; stty size');
  await lab.waitForText(/^larger\n\d+ \d+$/m);
  const [before, after] = await sizes();
  expect(after?.[0]).toBeGreaterThan(before?.[0] ?? 0);
  expect(after?.[1]).toBeGreaterThan(before?.[1] ?? 0);
});

test('a flood stops at Ctrl-C', async () => {
  await lab.enter('yes flood');
  await lab.waitForText('flood');
  await lab.page.keyboard.press('Control+c');
  await lab.waitForText(/\^C\s+vagrant@master:~\$\s*$/);
  await lab.enter('echo "still $((6 * 7))"');
  await lab.waitForText('still 42');
});

test('a reload in the middle of output goes on with the same shell, nothing lost, nothing doubled', async () => {
  await lab.enter('for n in $(seq 1 400); do echo "line $n"; sleep 0.005; done; echo "last of $$"');
  await lab.waitForText('line 60');
  await lab.page.reload();
  await lab.page.getByRole('tab', { name: 'master' }).waitFor();
  await lab.waitForText(/last of \d+/);
  const numbers = numbersIn(await lab.screen());
  expect(breaksIn(numbers)).toEqual([]);
  expect(numbers).toHaveLength(400);
});

test('after a reload the same tab is in front, and whoever was typing goes on typing', async () => {
  await lab.showNode('worker1');
  await lab.waitForText('vagrant@worker1:~$ ');
  await lab.type('echo one-');
  await lab.waitForText('echo one-');
  await lab.page.reload();
  await lab.waitForText('echo one-');
  await lab.page.keyboard.type('two\n');
  await lab.waitForText(/^one-two/m);
});

test('the server killed and started again: same shell, same stream, nothing lost, nothing doubled', async () => {
  await lab.enter('mark=kept; for n in $(seq 1 1500); do echo "line $n"; sleep 0.005; done; echo "mark is $mark"');
  await lab.waitForText('line 100');
  await tour.served.kill();
  await lab.page.getByText('The server does not answer').waitFor();
  await tour.serveAgain();
  await lab.page.getByText('The server does not answer').waitFor({ state: 'detached' });
  await lab.waitForText('mark is kept');
  const numbers = numbersIn(await lab.screen());
  expect(breaksIn(numbers)).toEqual([]);
  expect(numbers).toHaveLength(1500);
});

test('what the ring does not hold any more is told, and the screen restored', async () => {
  await lab.enter('head -c 5000000 /dev/zero | tr "\\0" x | fold -w 70; echo; seq -f "line %g" 1 30; echo "the end"');
  await lab.waitForText(/^the end/m);
  await lab.page.reload();
  await lab.page.getByText(/4\.\d MiB of older output are no longer kept/).waitFor();
  await lab.waitForText(/^the end/m);
  const screen = await lab.screen();
  expect(numbersIn(screen)).toEqual(Array.from({ length: 30 }, (_, index) => index + 1));
  await lab.enter('echo "goes on"');
  await lab.waitForText(/^goes on/m);
});

test('two pages show the same shell, and it answers a program once', async () => {
  const other = await lab.duplicate();
  await other.waitForText(PROMPT);
  await lab.enter('echo "from one"');
  await other.waitForText('from one');
  // Reads what the terminal answers to "what are you?" until nothing comes for a second.
  await other.enter(
    `stty -echo -icanon min 0 time 10; printf '\\033[c'; n=$(dd bs=1 2>/dev/null | wc -c); stty sane; echo "answer $n"`,
  );
  await lab.waitForText(/^answer \d+/m);
  const answer = /^answer (\d+)/m.exec(await lab.screen())?.[1];
  // ESC [ ? 1 ; 2 c: one answer and not two.
  expect(answer).toBe('7');
  expect(other.complaints).toEqual([]);
  await other.page.close();
});

test('a button types a command; another stops one that would not end', async () => {
  await lab.page.getByRole('button', { name: 'Begin' }).click();
  await lab.page.getByRole('button', { name: /^Run on master/ }).click();
  await lab.waitForText('hello from 42');
  await lab.page.getByRole('button', { name: 'Next' }).click();
  await lab.page.getByRole('button', { name: /^Run on master/ }).click();
  await lab.waitForText('line 5');
  await lab.page.getByRole('button', { name: 'Ctrl-C' }).click();
  await lab.waitForText(/\^C/);
});

test('each node has its shell, side by side too', async () => {
  await lab.showNode('worker1');
  await lab.waitForText('vagrant@worker1:~$ ');
  await lab.page.getByRole('button', { name: 'Split view' }).click();
  await expect.poll(() => lab.page.locator('.terminal-pane:not([hidden])').count()).toBe(2);
});

test('copy, paste and search', async () => {
  await lab.page.evaluate(() => navigator.clipboard.writeText('echo pasted-$((1+1))'));
  await lab.type('');
  await lab.page.keyboard.press('Control+Shift+V');
  await lab.page.keyboard.press('Enter');
  await lab.waitForText('pasted-2');
  await lab.enter('seq -f "needle %g" 1 3000');
  await lab.waitForText('needle 3000');
  await lab.page.keyboard.press('Control+Shift+F');
  await lab.page.keyboard.type('needle 17\n');
  await lab.page.getByText(/\d+ of 11\d/).waitFor();
  await lab.page.keyboard.press('Escape');
  expect(await lab.screen()).toContain('needle 1\n');
});

test('a shell that was left can be replaced', async () => {
  await lab.enter('exit 3');
  await lab.page.getByText('The shell has ended (exit status 3).').waitFor();
  await lab.page.getByRole('button', { name: 'New shell' }).click();
  await lab.page.getByText('The shell has ended').waitFor({ state: 'detached' });
  await lab.waitForText(PROMPT);
  await lab.enter('echo "new one"');
  await lab.waitForText(/^new one/m);
});

test('a shell is replaced by one, also where the page learns that it is gone before its request is answered', async () => {
  await lab.enter('exit');
  await lab.page.getByText('The shell has ended').waitFor();
  const starts: string[] = [];
  lab.page.on('request', (request) => {
    if (request.method() === 'POST' && request.url().endsWith('/terminals')) starts.push(request.url());
  });
  await lab.page.route('**/terminals/*', async (route) => {
    const response = await route.fetch();
    await lab.page.waitForTimeout(1500);
    await route.fulfill({ response });
  });
  const answered = lab.page.waitForResponse((response) => response.request().method() === 'DELETE');
  await lab.page.getByRole('button', { name: 'New shell' }).click();
  await answered;
  await lab.waitForText(PROMPT);
  await lab.enter('echo "the only one"');
  await lab.waitForText(/^the only one/m);
  expect(starts).toHaveLength(1);
  await lab.page.unroute('**/terminals/*');
});
