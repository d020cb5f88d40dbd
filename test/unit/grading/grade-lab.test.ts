import { generateKeyPairSync, type KeyObject } from 'node:crypto';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { VirtualClock } from '../../../server/clock/virtual-clock.ts';
import { packEvidence, signingKeyOf, unpackEvidence } from '../../../server/grading/evidence/bundle.ts';
import { EvidenceCollector } from '../../../server/grading/evidence/evidence-collector.ts';
import { regrade } from '../../../server/grading/evidence/regrade.ts';
import { type GradeOptions, gradeLab, type Submission } from '../../../server/grading/grade-lab.ts';
import type { GradeReport } from '../../../server/grading/report/grade-report.ts';
import { gradeReportSchema } from '../../../server/grading/report/grade-report.ts';
import { REPORTERS } from '../../../server/grading/reporters/reporters.ts';
import { ClusterUnreachable } from '../../../server/grading/verdict.ts';
import type { Lab } from '../../../server/labs/lab.ts';
import { parseLab } from '../../../server/labs/parse-lab.ts';
import { parseStudentScript } from '../../../server/labs/student-script.ts';
import { FakeCluster, fakeService, runningTasksOf } from './fake-cluster.ts';

const LAB = `---
title: Two services
summary: S
minutes: 1
domain: orchestration
vars: { name: api }
---

## First {#first points=2}

\`\`\`sh run=master
create web
\`\`\`

\`\`\`yaml check
- service: web
  running: 1
\`\`\`

\`\`\`yaml quiz
- { id: q, ask: What?, options: [a, b], right: b }
\`\`\`

## Second {#second points=3}

\`\`\`sh run=master
create {{name}}
\`\`\`

\`\`\`sh solution=worker1
echo done
\`\`\`

\`\`\`yaml check
- service: "{{name}}"
  running: 1
\`\`\`
`;

function lab(): Lab {
  const parsed = parseLab(LAB, 'labs/two.md');
  if (parsed.lab === undefined) throw new Error(JSON.stringify(parsed.problems));
  return parsed.lab;
}

/** A cluster whose shells understand `create NAME`. */
function clusterWithShell(): FakeCluster {
  const cluster = new FakeCluster();
  const names: string[] = [];
  cluster.onExec = (_node, { argv }) => {
    const name = /^create (\S+)$/m.exec(argv.at(-1) ?? '')?.[1];
    if (name === undefined) return {};
    names.push(name);
    cluster.set(
      '/services',
      names.map((each) => fakeService(each)),
    );
    cluster.set(
      '/tasks',
      names.flatMap((each) => runningTasksOf(each, 1)),
    );
    return { stdout: `created ${name}\n` };
  };
  return cluster;
}

async function grade(
  submission: Submission,
  cluster = clusterWithShell(),
  more: Partial<GradeOptions> = {},
): Promise<GradeReport> {
  const clock = new VirtualClock();
  let report: GradeReport | undefined;
  let failure: unknown;
  gradeLab({ lab: lab(), seed: 's', cluster, clock, submission, partLimit: 60_000, realTime: true, ...more }).then(
    (value) => {
      report = value;
    },
    (error: unknown) => {
      failure = error;
    },
  );
  await clock.advanceUntil(() => report !== undefined || failure !== undefined);
  if (report === undefined) throw failure;
  return gradeReportSchema.parse(report);
}

function script(source: string): Submission {
  const options = { steps: ['first', 'second'], nodes: ['master', 'worker1'], firstStep: 'first' };
  return { kind: 'script', steps: parseStudentScript(source, options) };
}

describe('grading a lab', () => {
  test('does the solution step by step on the nodes it names, and passes', async () => {
    const cluster = clusterWithShell();
    const report = await grade({ kind: 'solution' }, cluster);
    expect(report).toMatchObject({ outcome: 'passed', exitCode: 0, points: { earned: 5, possible: 5 } });
    expect(report.steps.map((step) => step.outcome)).toEqual(['passed', 'passed']);
    expect(report.steps[1]?.commands.map(({ node, script }) => `${node}: ${script}`)).toEqual([
      'master: create api',
      'worker1: echo done',
    ]);
  });

  test('grades a script by the steps and nodes in its comments', async () => {
    const report = await grade(
      script('# step: first\ncreate web\n# answer: q = b\n# step: second\n# node: worker1\ncreate api\n'),
    );
    expect(report.exitCode).toBe(0);
    expect(report.steps[1]?.commands).toMatchObject([{ node: 'worker1', script: 'create api' }]);
  });

  test('fails what is missing, with its reason, and nothing else', async () => {
    const report = await grade(script('# step: first\ncreate web\n# answer: q = a\n# step: second\ncreate apis\n'));
    expect(report).toMatchObject({ outcome: 'failed', exitCode: 1, points: { earned: 1, possible: 5 } });
    const failing = report.steps.flatMap((step) => step.checks).filter((check) => check.outcome !== 'pass');
    expect(failing.map(({ subject, observed, because }) => [subject, observed, because])).toEqual([
      ['question q', 'answered a', undefined],
      ['service api', 'there is none', 'there is one called apis'],
    ]);
  });

  test('fails an empty script without passing a step', async () => {
    const report = await grade(script(''));
    expect(report.exitCode).toBe(1);
    expect(report.steps.map((step) => step.outcome)).toEqual(['failed', 'failed']);
  });

  test('grades a single step after doing those before it', async () => {
    const report = await grade({ kind: 'solution' }, clusterWithShell(), { only: 'second' });
    expect(report.steps.map((step) => step.id)).toEqual(['second']);
    expect(report.exitCode).toBe(0);
  });

  test('blames nobody when the cluster dies, and keeps the verdicts reached', async () => {
    const cluster = clusterWithShell();
    const shell = cluster.onExec;
    cluster.onExec = (node, command) => {
      if (/create api/.test(command.argv.join(' '))) {
        cluster.reachable = false;
        throw new ClusterUnreachable('the engine of master does not answer');
      }
      return shell(node, command);
    };
    const report = await grade({ kind: 'solution' }, cluster);
    expect(report).toMatchObject({ outcome: 'infrastructure', exitCode: 3 });
    expect(report.steps.map((step) => step.outcome)).toEqual(['passed', 'not-reached']);
    expect(report.points).toEqual({ earned: 2, possible: 2, unobservable: 3 });
  });

  test('does not claim to have graded a cluster where nothing could be seen', async () => {
    const cluster = new FakeCluster();
    cluster.reachable = false;
    expect(await grade({ kind: 'state' }, cluster)).toMatchObject({ exitCode: 3 });
  });

  test('ends what the lab wants ended, without blame', async () => {
    const cluster = clusterWithShell();
    const shell = cluster.onExec;
    cluster.onExec = (node, command) => ({ ...shell(node, command), exitCode: undefined, ended: 'limit' });
    const report = await grade(
      script('# step: first\ncreate web\n# answer: q = b\n# step: second\ncreate api\n'),
      cluster,
    );
    expect(report.steps[0]?.commands).toMatchObject([{ exitCode: null, ended: 'limit' }]);
    expect(report.exitCode).toBe(0);
  });
});

describe('evidence', () => {
  const whole = script('# step: first\ncreate web\n# answer: q = b\n# step: second\ncreate apis\n');

  async function bundle(key?: KeyObject): Promise<{ report: GradeReport; bytes: Buffer }> {
    const collector = new EvidenceCollector();
    const cluster = clusterWithShell();
    const report = await grade(whole, cluster, { evidence: collector });
    const file = join(mkdtempSync(join(tmpdir(), 'evidence-')), 'two.md');
    writeFileSync(file, LAB);
    return { report, bytes: packEvidence(await collector.complete({ ...lab(), file }, cluster, report, '1'), key) };
  }

  test('is judged again to the same verdicts, without the cluster', async () => {
    const { report, bytes } = await bundle();
    const { evidence, signature } = unpackEvidence(bytes);
    expect(signature).toEqual({ kind: 'none' });
    const again = await regrade(evidence);
    expect(again).toEqual(report);
    expect(again.exitCode).toBe(1);
  });

  test('is judged by what was seen, not by what the report says', async () => {
    const { bytes } = await bundle();
    const { evidence } = unpackEvidence(bytes);
    for (const step of evidence.report.steps) {
      step.outcome = 'passed';
      for (const check of step.checks) check.outcome = 'pass';
    }
    evidence.report.exitCode = 0;
    expect(await regrade(evidence)).toMatchObject({ exitCode: 1, outcome: 'failed' });
  });

  test('shows whether it was changed after it was signed', async () => {
    const { privateKey } = generateKeyPairSync('ed25519');
    const key = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
    const { bytes } = await bundle(signingKeyOf(key));
    expect(unpackEvidence(bytes).signature.kind).toBe('valid');
    const changed = gunzipSync(bytes).toString().replace('apis', 'api');
    expect(unpackEvidence(gzipSync(changed)).signature).toEqual({ kind: 'broken' });
    expect(() => unpackEvidence(Buffer.from('nonsense'))).toThrow('this is no evidence bundle');
  });
});

describe('a report', () => {
  const mixed = () => grade(script('# step: first\ncreate web\n# answer: q = a & "<b>"\n'));

  test('reads well', async () => {
    expect(REPORTERS.pretty(await mixed())).toMatchInlineSnapshot(`
      "Two services (two, seed s)

      ✗ First (1/2)
          ✗ question q: answered a & "<b>" (expected the right answer). Look again, and answer again.
      ✗ Second (0/3)
          ✗ service api: there is none (expected to be there). \`docker service ls\` lists what there is.

      1 of 5 points
      Not passed.
      "
    `);
  });

  test('is JUnit, with every text escaped', async () => {
    expect(REPORTERS.junit(await mixed())).toMatchInlineSnapshot(`
      "<?xml version="1.0" encoding="UTF-8"?>
      <testsuites>
        <testsuite name="first" package="two" id="0" timestamp="2026-01-01T00:00:00" hostname="fake" tests="2" failures="1" errors="0" skipped="0" time="3.000">
          <properties>
            <property name="seed" value="s"/>
          </properties>
          <testcase name="service web" classname="first" time="0.000"/>
          <testcase name="question q" classname="first" time="0.000">
            <failure type="wrong" message="question q: answered a &amp; &quot;&lt;b&gt;&quot; (expected the right answer). Look again, and answer again."/>
          </testcase>
          <system-out>master$ create web&#10;created web&#10;</system-out>
          <system-err></system-err>
        </testsuite>
        <testsuite name="second" package="two" id="1" timestamp="2026-01-01T00:00:00" hostname="fake" tests="1" failures="1" errors="0" skipped="0" time="0.000">
          <properties>
            <property name="seed" value="s"/>
          </properties>
          <testcase name="service api" classname="second" time="0.000">
            <failure type="wrong" message="service api: there is none (expected to be there). \`docker service ls\` lists what there is."/>
          </testcase>
          <system-out></system-out>
          <system-err></system-err>
        </testsuite>
      </testsuites>
      "
    `);
  });

  test('is TAP', async () => {
    expect(REPORTERS.tap(await mixed())).toMatchInlineSnapshot(`
      "TAP version 14
      1..3
      ok 1 - first: service web
      not ok 2 - first: question q
        ---
        outcome: "wrong"
        message: "question q: answered a & \\"<b>\\" (expected the right answer). Look again, and answer again."
        expected: "the right answer"
        observed: "answered a & \\"<b>\\""
        ...
      not ok 3 - second: service api
        ---
        outcome: "wrong"
        message: "service api: there is none (expected to be there). \`docker service ls\` lists what there is."
        expected: "to be there"
        observed: "there is none"
        ...
      "
    `);
  });

  test('annotates a workflow', async () => {
    expect(REPORTERS.github(await mixed())).toMatchInlineSnapshot(`
      "::error file=labs/two.md,line=20,title=two%3A First::question q: answered a & "<b>" (expected the right answer). Look again, and answer again.
      ::error file=labs/two.md,line=35,title=two%3A Second::service api: there is none (expected to be there). \`docker service ls\` lists what there is.
      two: 1 of 5 points, failed
      "
    `);
  });
});
