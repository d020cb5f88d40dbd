import { afterEach, beforeEach, expect, test } from 'vitest';
import { VirtualClock } from '../../../server/clock/virtual-clock.ts';
import { parseLab } from '../../../server/labs/parse-lab.ts';
import { type Database, openDatabase } from '../../../server/workspaces/database/database.ts';
import { DomcQuestions } from '../../../server/workspaces/steps/domc-questions.ts';
import { WorkspaceStore } from '../../../server/workspaces/workspace-store.ts';

const LAB = `---
title: Questions
summary: For tests.
minutes: 5
domain: orchestration
---

## One {#one points=1}

\`\`\`yaml quiz
- id: truths
  style: domc
  ask: Which are true?
  options: [a, b, c, d, e]
  right: [a, c]
\`\`\`
`;

const { lab } = parseLab(LAB, 'questions.md');
if (lab === undefined) throw new Error('the lab of this test is wrong');

let database: Database;
let store: WorkspaceStore;
const questions = () => new DomcQuestions({ workspaceId: 'w', lab, seed: 'seed', store });

beforeEach(async () => {
  database = await openDatabase(':memory:');
  store = new WorkspaceStore(database, new VirtualClock());
  await database.insertInto('users').values({ id: 'ann', role: 'single', name: 'Ann', created_at: 0 }).execute();
  const record = {
    id: 'w',
    userId: 'ann',
    lab: 'questions',
    variant: undefined,
    cluster: 'c',
    seed: 'seed',
    facts: {},
  };
  await store.add(record);
});
afterEach(() => database.destroy());

/** Judges all options, yes to those in `right`; gives the options in the order of their showing, and the answer. */
async function judgeAll(domc: DomcQuestions, right: readonly string[]) {
  const shown: string[] = [];
  let answer: readonly string[] | undefined;
  for (let number = 0; number < 5; number++) {
    const option = domc.views({})[0]?.option ?? '';
    shown.push(option);
    answer = await domc.judge('truths', number, right.includes(option));
  }
  return { shown, answer };
}

test('options come one at a time, each once, and the answer is what got a yes', async () => {
  const domc = questions();
  const { shown, answer } = await judgeAll(domc, ['a', 'c']);
  expect([...shown].sort()).toEqual(['a', 'b', 'c', 'd', 'e']);
  expect([...(answer ?? [])].sort()).toEqual(['a', 'c']);
  expect(domc.views({})).toEqual([{ item: 'truths', judged: 5, of: 5 }]);
});

test('there is no way back: only the option on show can be judged', async () => {
  const domc = questions();
  await domc.judge('truths', 0, true);
  await domc.judge('truths', 0, false);
  await domc.judge('truths', 3, true);
  expect(domc.views({})[0]).toMatchObject({ judged: 1, of: 5 });
});

test('after a restart of the server the same option is on show', async () => {
  const domc = questions();
  await domc.judge('truths', 0, true);
  const again = questions();
  await again.load();
  expect(again.views({})).toEqual(domc.views({}));
});

test('begun anew, the options come in another order', async () => {
  const domc = questions();
  const orders = new Set<string>();
  for (let times = 0; times < 4; times++) {
    orders.add((await judgeAll(domc, [])).shown.join(''));
    await domc.restart('truths');
  }
  expect(orders.size).toBeGreaterThan(1);
});

test('an unknown question is told as such', async () => {
  await expect(questions().judge('nothing', 0, true)).rejects.toMatchObject({ code: 'SL_STEP_NOT_FOUND' });
});
