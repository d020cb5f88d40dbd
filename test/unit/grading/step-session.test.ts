import { describe, expect, test } from 'vitest';
import { settle, VirtualClock } from '../../../server/clock/virtual-clock.ts';
import { StepSession } from '../../../server/grading/step-session.ts';
import type { StepVerdict } from '../../../server/grading/step-verdict.ts';
import { checksOf } from '../../../server/labs/lab.ts';
import { parseLab } from '../../../server/labs/parse-lab.ts';
import { FakeCluster, fakeService, runningTasksOf } from './fake-cluster.ts';
import { NOBODY } from './judge.ts';

/** A session at the only step of a lab whose checks are given. */
function sessionFor(checks: string) {
  const front = '---\ntitle: T\nsummary: S\nminutes: 1\ndomain: orchestration\n---\n';
  const { lab, problems } = parseLab(
    `${front}\n## Step {#step points=4}\n\n\`\`\`yaml check\n${checks}\n\`\`\`\n`,
    'x.md',
  );
  const step = lab?.steps[0];
  if (step === undefined) throw new Error(JSON.stringify(problems));
  const clock = new VirtualClock();
  const cluster = new FakeCluster();
  const session = new StepSession({
    step,
    checks: checksOf(step, undefined),
    cluster,
    clock,
    student: NOBODY,
    variables: {},
  });
  return { session, cluster, clock };
}

/** Lets time pass until the promise is settled; gives its value. */
async function finish(clock: VirtualClock, checking: Promise<StepVerdict>): Promise<StepVerdict> {
  let verdict: StepVerdict | undefined;
  void checking.then((value) => {
    verdict = value;
  });
  await clock.advanceUntil(() => verdict !== undefined);
  if (verdict === undefined) throw new Error('no verdict');
  return verdict;
}

const outcomes = (verdict: StepVerdict) => verdict.checks.map((check) => check.outcome);

describe('checking a step', () => {
  test('passes at the moment when everything holds, woken by events', async () => {
    const { session, cluster, clock } = sessionFor('- service: web\n  running: 2');
    cluster.set('/services', [fakeService('web', { replicas: 2 })]);
    const began = clock.now();
    const checking = session.check();
    await clock.advance(3000);
    cluster.set('/tasks', runningTasksOf('web', 2));
    cluster.change();
    expect((await finish(clock, checking)).outcome).toBe('passed');
    expect(clock.now() - began).toBeLessThan(3300);
  });

  test('gives up when the time of a check is over, with partial credit for the rest', async () => {
    const { session, cluster, clock } = sessionFor('- service: web\n  running: 2\n- service: web\n  points: 3');
    cluster.set('/services', [fakeService('web', { replicas: 2 })]);
    const verdict = await finish(clock, session.check());
    expect(outcomes(verdict)).toEqual(['not-yet', 'pass']);
    expect(verdict).toMatchObject({ outcome: 'failed', points: { earned: 3, possible: 4, unobservable: 0 } });
  });

  test('binds names for the checks behind, which fail with the one that should have found them', async () => {
    const checks =
      '- service: web\n  published: { target: 80, as: port }\n- service: api\n  published: { target: 80, after: "{{port}}" }';
    const { session, cluster, clock } = sessionFor(checks);
    cluster.set('/services', [fakeService('web'), fakeService('api', { ports: [30001] })]);
    const failed = await finish(clock, session.check());
    expect(outcomes(failed)).toEqual(['wrong', 'wrong']);
    expect(failed.checks[1]?.because).toContain('`port`');
    cluster.set('/services', [fakeService('web', { ports: [30000] }), fakeService('api', { ports: [30001] })]);
    expect((await finish(clock, session.check())).outcome).toBe('passed');
    expect(session.variables).toEqual({ port: 30000 });
  });

  test('looks a few times at fifty tasks that end one after the other, where every one of them is told', async () => {
    const { session, cluster, clock } = sessionFor('- service: web\n  running: 0\n  within: 30s');
    Object.assign(cluster, { tellsOfTasks: true });
    cluster.set('/services', [fakeService('web', { replicas: 0 })]);
    cluster.set('/tasks', runningTasksOf('web', 50));
    const checking = session.check();
    for (let left = 49; left >= 0; left--) {
      await clock.advance(100);
      cluster.set('/tasks', runningTasksOf('web', left));
      cluster.change();
    }
    expect((await finish(clock, checking)).outcome).toBe('passed');
    expect(cluster.looks).toBeLessThan(15);
  });

  test('remembers what was reached while the student worked', async () => {
    const { session, cluster, clock } = sessionFor(
      '- service: web\n  running: 3\n  reached: true\n- service: web\n  running: 1',
    );
    session.begin();
    cluster.set('/services', [fakeService('web', { replicas: 3 })]);
    cluster.set('/tasks', runningTasksOf('web', 3));
    cluster.change();
    await clock.advance(500);
    cluster.set('/services', [fakeService('web', { replicas: 1 })]);
    cluster.set('/tasks', runningTasksOf('web', 1));
    cluster.change();
    await clock.advance(500);
    expect((await finish(clock, session.check())).outcome).toBe('passed');
    session.dispose();
  });

  test('does not pass the removal of what was never there', async () => {
    const { session, cluster, clock } = sessionFor('- service: web\n  absent: true');
    await session.noteAbsences();
    session.begin();
    const idle = await finish(clock, session.check());
    expect(idle).toMatchObject({ outcome: 'failed', checks: [{ because: 'it was not there when the step began' }] });
    cluster.set('/services', [fakeService('web')]);
    cluster.change();
    await clock.advance(500);
    cluster.set('/services', []);
    cluster.change();
    expect((await finish(clock, session.check())).outcome).toBe('passed');
    session.dispose();
  });

  test('is an error when the cluster does not answer, which is nobody’s failure', async () => {
    const { session, cluster, clock } = sessionFor('- service: web');
    cluster.reachable = false;
    const verdict = await finish(clock, session.check());
    expect(verdict).toMatchObject({ outcome: 'error', points: { earned: 0, possible: 0 } });
  });

  test('takes what cannot be seen out of the points', async () => {
    const { session, cluster, clock } = sessionFor('- service: web\n- request: service ls\n  points: 3');
    Object.assign(cluster, { requests: undefined });
    cluster.set('/services', [fakeService('web')]);
    const verdict = await finish(clock, session.check());
    expect(verdict).toMatchObject({ outcome: 'passed', points: { earned: 1, possible: 1, unobservable: 3 } });
  });
});

describe('watching a step', () => {
  test('tells each change soon, and rests while nothing happens', async () => {
    const { session, cluster, clock } = sessionFor('- service: web\n  running: 1');
    const seen: string[] = [];
    const watching = session.watch((verdict) => seen.push(verdict.outcome));
    await clock.advance(10_000);
    const looksWhileIdle = cluster.looks;
    cluster.set('/services', [fakeService('web')]);
    cluster.set('/tasks', runningTasksOf('web', 1));
    cluster.change();
    await settle();
    await clock.advance(300);
    expect(seen.at(-1)).toBe('passed');
    expect(looksWhileIdle).toBeLessThan(20);
    watching.dispose();
  });
});
