import { beforeEach, expect, test } from 'vitest';
import { VirtualClock } from '../../../server/clock/virtual-clock.ts';
import type { StepVerdict } from '../../../server/grading/step-verdict.ts';
import { parseLab } from '../../../server/labs/parse-lab.ts';
import { openDatabase } from '../../../server/workspaces/database/database.ts';
import { StepBoard } from '../../../server/workspaces/steps/step-board.ts';
import { WorkspaceStore } from '../../../server/workspaces/workspace-store.ts';
import { SECRET_LAB } from './secret-lab.ts';

const { lab } = parseLab(SECRET_LAB, 'secret.md');
const step = lab?.steps[0];
if (step === undefined) throw new Error('the lab of this test is wrong');
const reading = { variables: {}, variant: undefined };

/** What a look at a step with one check finds. */
function found(outcome: 'pass' | 'wrong', observed: string): StepVerdict {
  const check = { outcome, subject: 'web', expected: '3 running', observed, because: 'one was killed', next: 'wait' };
  return {
    step: step?.id ?? '',
    title: '',
    outcome: outcome === 'pass' ? 'passed' : 'failed',
    points: { earned: outcome === 'pass' ? 1 : 0, of: 1 },
    checks: [check],
  } as unknown as StepVerdict;
}

let board: StepBoard;

beforeEach(async () => {
  const clock = new VirtualClock();
  const database = await openDatabase(':memory:');
  await database.insertInto('users').values({ id: 'ann', role: 'single', name: 'Ann', created_at: 0 }).execute();
  const store = new WorkspaceStore(database, clock);
  await store.add({ id: 'w', userId: 'ann', lab: 'l', variant: undefined, cluster: 'c', seed: 's', facts: {} });
  board = new StepBoard('w', store);
});

const shown = () => board.view(step, reading, false);

test('nobody is told what is wrong before they have asked', () => {
  board.show(step.id, found('wrong', '0 running'));
  expect(shown()).toMatchObject({ checked: false, verdicts: [{ observed: '0 running' }] });
});

test('who has asked is told in full, and goes on being told as the cluster changes', async () => {
  await board.finish(await board.begin(step.id, {}), found('wrong', '2 running'));
  expect(shown()).toMatchObject({ checked: true, verdicts: [{ observed: '2 running', because: 'one was killed' }] });
  board.show(step.id, found('wrong', '1 running'));
  expect(shown()).toMatchObject({ checked: true, verdicts: [{ observed: '1 running', because: 'one was killed' }] });
  board.clear();
  board.show(step.id, found('wrong', '0 running'));
  expect(shown().checked).toBe(false);
});
