import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { launchBrowser } from '../e2e/support/browser.ts';
import { freePort } from '../e2e/support/free-port.ts';
import { LabPage } from '../e2e/support/lab-page.ts';
import { breaksIn, numbersIn } from '../e2e/support/numbered-lines.ts';
import { pageNodes, startOwnServer } from '../e2e/support/own-server.ts';
import type { Served } from '../e2e/support/served.ts';

const COUNTER =
  'docker service create --detach --name counter alpine sh -c \'n=0; while true; do n=$((n+1)); echo "line $n"; sleep 0.05; done\'';

describe.each(pageNodes())('on $nodes nodes, $orchestrator', (kind) => {
  let browser: Browser;
  let state: string;
  let served: Served;
  let lab: LabPage;

  beforeAll(async () => {
    browser = await launchBrowser();
    state = mkdtempSync(join(tmpdir(), 'sl-'));
    served = await startOwnServer(state, await freePort(), kind);
    lab = await LabPage.signIn(browser, served);
    await lab.openLab('Services, tasks and the routing mesh');
    await lab.waitForText('vagrant@master:~$ ');
  });

  afterAll(async () => {
    await browser.close();
    await served.kill();
    for (const name of clusters()) swarmlab('cluster', 'down', name);
    rmSync(state, { recursive: true, force: true });
  });

  afterEach(() => expect(lab.complaints).toEqual([]));

  function swarmlab(...args: string[]): string {
    const environment = { ...process.env, SWARMLAB_STATE: state };
    return execFileSync(process.execPath, ['bin/swarmlab.mjs', ...args], { env: environment, encoding: 'utf8' });
  }

  function clusters(): string[] {
    const list: { name: string }[] = JSON.parse(swarmlab('cluster', 'ls', '--json'));
    return list.map(({ name }) => name);
  }

  test('the log of a service goes on over a reload of the page and a killed server, no line lost or doubled', async () => {
    await lab.enter(COUNTER);
    await lab.page.getByRole('button', { name: 'counter.1: running' }).waitFor();
    await lab.enter('docker service logs --raw -f counter');
    await lab.waitForText(/^line \d\d\d/m);

    await lab.page.reload();
    await lab.page.getByRole('tab', { name: 'master' }).waitFor();
    await lab.waitForText(/^line [2-9]\d\d/m);

    await served.kill();
    await lab.page.getByText('The server does not answer').waitFor();
    served = await startOwnServer(state, served.port, kind);
    await lab.page.getByText('The server does not answer').waitFor({ state: 'detached' });
    const seen = Math.max(...numbersIn((await lab.visibleRows()).join('\n')));
    await lab.waitForText(new RegExp(`^line ${Math.ceil((seen + 150) / 100)}\\d\\d`, 'm'));

    await lab.page.keyboard.press('Control+c');
    await lab.waitForText(/\^C\s+vagrant@master:~\$\s*$/);
    const numbers = numbersIn(await lab.screen());
    expect(numbers.length).toBeGreaterThan(seen);
    expect(breaksIn(numbers)).toEqual([]);
  });

  test('the cluster is shown as it changes: boxes by state, a task’s way, and all of it as tables', async () => {
    await lab.enter('clear; echo "term is $TERM"; docker service scale --detach counter=6');
    await lab.waitForText(/^term is xterm-256color/);
    const running = () => lab.page.getByRole('button', { name: /^counter\.\d: running/ }).count();
    await expect.poll(running, { timeout: 60_000 }).toBe(6);
    await lab.page.getByText('6/6').waitFor();
    await lab.page.getByRole('button', { name: 'counter.2: running' }).click();
    const way = lab.page.getByRole('region', { name: 'Task counter.2' });
    await way.getByText('preparing').waitFor();
    expect(await way.locator('[aria-current=step]').textContent()).toContain('running');
    if (kind.orchestrator === 'builtin') {
      await way.getByText(/^It runs on \w+\.docker-dca\.example\.$/).waitFor();
      expect(
        await way
          .getByRole('table', { name: /How the nodes stood/ })
          .getByRole('row')
          .count(),
      ).toBe(5);
      expect(await way.getByText(/^\d\d:\d\d:\d\d\.\d\d\d$/).count()).toBeGreaterThanOrEqual(4);
    }
    await way.getByRole('button', { name: 'Close task' }).press('Escape');
    await way.waitFor({ state: 'detached' });
    expect(await lab.page.evaluate(() => document.activeElement?.getAttribute('aria-label'))).toBe(
      'counter.2: running',
    );
    await lab.page.getByRole('button', { name: 'Show as tables' }).click();
    await lab.page
      .getByRole('table', { name: /^Tasks/ })
      .getByRole('rowheader', { name: 'counter.6' })
      .waitFor();
    await lab.page.getByRole('button', { name: 'Show as tables' }).click();

    await lab.enter('docker service create --detach --name broken nothing-of-that-name');
    await lab.page
      .getByRole('button', { name: /^broken\.1: rejected.*No such image/ })
      .first()
      .waitFor();
    await lab.enter('docker node update --availability drain worker1.docker-dca.example');
    await lab.page.getByText(/worker · drain/).waitFor();
    await lab.enter('docker service rm counter broken');
    await lab.page.getByText('None yet.').waitFor();
  });

  test('a server that only found the cluster leaves it, one that made it removes it at Ctrl-C, and both say so', async () => {
    const before = clusters();
    expect(before).toHaveLength(1);
    expect(await served.interrupt()).toBe(0);
    expect(served.output).toContain(`Cluster ${before[0]} stays`);
    expect(clusters()).toEqual(before);
    swarmlab('cluster', 'down', before[0] ?? '');

    served = await startOwnServer(state, served.port, kind);
    await lab.page.goto(served.signInLink);
    await lab.openLab('Services, tasks and the routing mesh');
    expect(clusters()).toEqual(before);
    expect(await served.interrupt()).toBe(0);
    expect(served.output).toContain(`Removing cluster ${before[0]}`);
    expect(clusters()).toEqual([]);
  });
});
