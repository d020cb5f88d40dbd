import { readFileSync } from 'node:fs';
import type { Locator } from 'playwright-core';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { MAX_FILE_BYTES } from '../../server/files/protocol.ts';
import type { LabPage } from './support/lab-page.ts';
import { Tour } from './support/tour.ts';

const PROMPT = 'vagrant@master:~$ ';

let tour: Tour;
let lab: LabPage;
let files: Locator;

beforeAll(async () => {
  tour = await Tour.begin();
  lab = tour.lab;
  await lab.openLab('A short tour');
  await lab.waitForText(PROMPT);
  files = lab.page.getByRole('region', { name: 'Files on master' });
});

afterAll(() => tour.end());

afterEach(() => expect(lab.complaints).toEqual([]));

const showFiles = async (shown: boolean) => {
  if ((await files.isVisible()) !== shown) await lab.page.keyboard.press('Alt+Shift+F');
  await files.waitFor({ state: shown ? 'visible' : 'detached' });
};
let commands = 0;
/** Does something in the shell, gives what it printed, and comes back to the files. */
const inShell = async (command: string) => {
  await showFiles(false);
  const end = `end-${commands++}`;
  await lab.enter(`clear; ${command}; echo ${end}`);
  await lab.waitForText(new RegExp(`^${end}\\s*$`, 'm'));
  const rows = (await lab.visibleRows()).map((row) => row.trimEnd());
  await showFiles(true);
  return rows.slice(0, rows.indexOf(end));
};
const line = (name: string) => files.getByRole('treeitem', { name, exact: true });
const text = () => files.locator('.cm-content');
const save = async () => {
  await lab.page.keyboard.press('Control+s');
  await files.getByText('· not saved').waitFor({ state: 'detached' });
};

test('a file is made, written and saved by the keyboard alone, and the shell has it', async () => {
  await lab.page.keyboard.press('Alt+Shift+F');
  await files.getByRole('button', { name: 'New file', exact: true }).focus();
  await lab.page.keyboard.press('Enter');
  await lab.page.getByRole('dialog', { name: 'New file on master' }).waitFor();
  await lab.page.keyboard.press('Control+a');
  await lab.page.keyboard.type('stack.yml');
  await lab.page.keyboard.press('Enter');
  await text().waitFor();
  await expect.poll(() => text().evaluate((element) => element === document.activeElement)).toBe(true);
  await lab.page.keyboard.insertText('services:\n  web:\n    image: "größe"\n');
  await files.getByText('· not saved').waitFor();
  await save();
  expect(await inShell('cat stack.yml')).toEqual(['services:', '  web:', '    image: "größe"']);
});

test('YAML that is wrong is underlined before it is used', async () => {
  await line('stack.yml').click();
  await text().click();
  await lab.page.keyboard.press('Control+End');
  await lab.page.keyboard.type('[broken');
  await files.locator('.cm-lint-marker-error').waitFor();
  await lab.page.keyboard.press('Control+z');
  await lab.page.keyboard.press('Control+s');
});

test('what the shell changes is followed; what both changed is asked', async () => {
  await inShell('echo "from: shell" > stack.yml');
  await text().getByText('from: shell').waitFor();
  await text().click();
  await lab.page.keyboard.press('Control+End');
  await lab.page.keyboard.type('# mine');
  await inShell('echo "second: shell" > stack.yml');
  await files.getByRole('button', { name: 'Save', exact: true }).click();
  await files.getByRole('alert').getByText('was changed on master').waitFor();
  await files.getByRole('button', { name: 'Save mine over it' }).click();
  await files.getByRole('alert').waitFor({ state: 'detached' });
  expect(await inShell('cat stack.yml; echo')).toEqual(['from: shell', '# mine']);
});

test('the tree is worked by keys: into folders, renaming, removing', async () => {
  await inShell('mkdir -p app/conf; touch app/conf/a.conf app/b.txt');
  await line('app').focus();
  await lab.page.keyboard.press('ArrowRight');
  await line('conf').waitFor();
  await lab.page.keyboard.press('ArrowDown');
  await lab.page.keyboard.press('ArrowRight');
  await lab.page.keyboard.press('ArrowDown');
  await lab.page.keyboard.press('F2');
  await lab.page.getByRole('dialog', { name: 'Rename app/conf/a.conf' }).waitFor();
  await lab.page.keyboard.press('Control+a');
  await lab.page.keyboard.type('app/b.txt');
  await lab.page.keyboard.press('Enter');
  await lab.page.getByRole('dialog').getByText('there is a app/b.txt already').waitFor();
  await lab.page.keyboard.press('Control+a');
  await lab.page.keyboard.type('app/conf/c.conf');
  await lab.page.keyboard.press('Enter');
  await lab.page.getByRole('dialog').waitFor({ state: 'detached' });
  await expect.poll(() => line('c.conf').evaluate((element) => element === document.activeElement)).toBe(true);
  await lab.page.keyboard.press('Delete');
  await lab.page.getByRole('dialog').getByRole('button', { name: 'Remove' }).click();
  await line('c.conf').waitFor({ state: 'detached' });
  expect(await inShell('find app -type f')).toEqual(['app/b.txt']);
});

test('files go up and down as they are, and one that is there is not replaced unasked', async () => {
  const bytes = Buffer.from([0, 255, 10, 13, 200]);
  const upload = (buffer: Buffer) =>
    files.locator('input[type=file]').setInputFiles({ name: 'data.bin', mimeType: 'application/octet-stream', buffer });
  await line('stack.yml').click();
  await upload(Buffer.from('old'));
  await line('data.bin').waitFor();
  await upload(bytes);
  await lab.page.getByRole('dialog', { name: 'Replace data.bin?' }).getByRole('button', { name: 'Replace' }).click();
  await line('data.bin').click();
  await files.getByText('This is no text').waitFor();
  const downloading = lab.page.waitForEvent('download');
  await files.getByRole('link', { name: 'Download data.bin' }).click();
  const download = await downloading;
  expect(download.suggestedFilename()).toBe('data.bin');
  expect(readFileSync(await download.path())).toEqual(bytes);
});

test('a link is shown and not followed; what is too large is said to be', async () => {
  await inShell('ln -s /etc/passwd way; ln -s /etc ways');
  await line('way').click();
  const answer = await lab.page.evaluate(async (base) => {
    const { pathname } = location;
    const ask = async (path: string, init?: RequestInit) => {
      const workspace = pathname.split('/').at(-1);
      const response = await fetch(`/api/workspaces/${workspace}/${base}?path=${encodeURIComponent(path)}`, init);
      return `${response.status} ${(await response.json()).code}`;
    };
    const put = { method: 'PUT', body: new Blob(['x']), headers: { 'content-type': 'application/octet-stream' } };
    return [
      await ask('way'),
      await ask('ways/passwd'),
      await ask('ways/x', put),
      await ask('../../x'),
      await ask('way', put),
    ];
  }, 'nodes/master/files/content');
  expect(answer).toEqual([
    '409 SL_FILE_REFUSED',
    '409 SL_FILE_REFUSED',
    '409 SL_FILE_REFUSED',
    '400 SL_USAGE',
    '409 SL_FILE_REFUSED',
  ]);
  await files.locator('input[type=file]').setInputFiles({
    name: 'large.bin',
    mimeType: 'application/octet-stream',
    buffer: Buffer.alloc(MAX_FILE_BYTES + 1),
  });
  await lab.page.getByText('large.bin has more than 8 MiB.').first().waitFor();
});

test('each node has its own files, and the run buttons lead back to its shell', async () => {
  await lab.page.getByRole('tab', { name: 'worker1' }).click();
  await lab.page.getByRole('region', { name: 'Files on worker1' }).waitFor();
  expect(await lab.page.getByRole('treeitem').count()).toBe(0);
  await lab.page.keyboard.press('Alt+Shift+N');
  await lab.page
    .getByRole('button', { name: /^Run on master/ })
    .first()
    .click();
  await lab.waitForText('hello from 42');
});
