import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { RealClock } from '../../server/clock/real-clock.ts';
import type { GradingCluster } from '../../server/grading/grading-cluster.ts';
import { LabSession } from '../../server/grading/lab-session.ts';
import { openOwnCluster } from '../../server/grading/own-cluster.ts';
import { answersOfSolution } from '../../server/grading/submission/solution-answers.ts';
import { loadLab } from '../../server/labs/lab-library.ts';
import { expandText } from '../../server/labs/template.ts';
import { type Database, openDatabase } from '../../server/workspaces/database/database.ts';
import { WorkspaceStore } from '../../server/workspaces/workspace-store.ts';
import { launchBrowser } from '../e2e/support/browser.ts';
import { freePort } from '../e2e/support/free-port.ts';
import { LabPage } from '../e2e/support/lab-page.ts';
import { pageNodes, startOwnServer } from '../e2e/support/own-server.ts';
import type { Served } from '../e2e/support/served.ts';
import { Student } from '../e2e/support/student.ts';
import { pathWithoutSandbox } from '../support/without-sandbox.ts';

const LIMIT = 30 * 60_000;
const clock = new RealClock();
const lab = await loadLab('swarm-services');

/** Embedded nodes besides on a machine that allows no sandbox: their shells are simulated. */
const kinds = pageNodes().flatMap((kind) => [
  { ...kind, shells: 'real' },
  ...(kind.nodes === 'embedded' ? [{ ...kind, shells: 'simulated' }] : []),
]);

describe.each(kinds)('on $nodes nodes, $orchestrator, shells $shells', (kind) => {
  const before = process.env.PATH;
  let browser: Browser;
  let state: string;
  let served: Served;
  let page: LabPage;
  let database: Database;
  let cluster: GradingCluster;

  beforeAll(async () => {
    browser = await launchBrowser();
    state = mkdtempSync(join(tmpdir(), 'sl-'));
    if (kind.shells === 'simulated') process.env.PATH = pathWithoutSandbox(state);
    served = await startOwnServer(state, await freePort(), kind);
    page = await LabPage.signIn(browser, served, { width: 1600, height: 1000 });
    await page.openLab(lab.title);
    await page.waitForText('vagrant@master:~$ ');
    // The right answers to questions about the cluster are asked of the cluster itself, beside the page.
    process.env.SWARMLAB_STATE = state;
    cluster = openOwnCluster(lab.name, clock);
    database = await openDatabase(join(state, 'server.db'));
  });

  afterAll(async () => {
    await database?.destroy();
    await browser.close();
    await served.interrupt();
    rmSync(state, { recursive: true, force: true });
    process.env.PATH = before;
  });

  test(`the whole lab, typed into the page's terminals: every step green`, { timeout: LIMIT }, async () => {
    const student = new Student(page);
    const [record] = await new WorkspaceStore(database, clock).all();
    if (record === undefined) throw new Error('there is no workspace');
    for (const [index, step] of lab.steps.entries()) {
      const known = await new WorkspaceStore(database, clock).get(record.id);
      const session = new LabSession({ lab, cluster, clock, seed: record.seed, bound: known?.facts ?? {} });
      await student.goTo(index + 1);
      await page.page.getByRole('heading', { name: expandText(step.title, session.variables), exact: true }).waitFor();
      await student.carryOut(step, session.variables);
      await student.answer(step, await answersOfSolution(step, session, { cluster, clock }));
      const { done, words } = await student.check();
      expect(done, `${step.id}: ${words}`).toBe(true);
    }
    await page.page
      .getByRole('img', { name: new RegExp(`^${lab.steps.length} of ${lab.steps.length} steps`) })
      .waitFor();
    expect(page.complaints).toEqual([]);
  });
});
