import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { commandsOf } from '../../server/grading/prove/script-commands.ts';
import { type GradeReport, gradeReportSchema } from '../../server/grading/report/grade-report.ts';
import { checksOf, type LabStep, solutionOf } from '../../server/labs/lab.ts';
import { loadLab } from '../../server/labs/lab-library.ts';
import { expandText } from '../../server/labs/template.ts';
import { drawVariables } from '../../server/labs/variables.ts';
import { Random } from '../support/random.ts';
import { Swarmlab } from '../support/swarmlab.ts';

const SEED = 'orchestrators';
const LEFT_OUT = 5;
const swarmlab = new Swarmlab();
const folder = mkdtempSync(join(tmpdir(), 'grade-'));
const lab = await loadLab('swarm-services');
const variables = drawVariables(lab.vars, SEED);

afterAll(async () => {
  await swarmlab.dispose();
  rmSync(folder, { recursive: true });
});

async function grade(...submission: string[]): Promise<{ exitCode: number; report: GradeReport }> {
  const out = join(folder, `${randomBytes(4).toString('hex')}.json`);
  const where = ['--nodes', 'dind', '--orchestrator', 'swarm'];
  const how = ['--seed', SEED, '--format', 'json', '--out', out];
  const { exitCode, stderr } = await swarmlab.run(['grade', lab.name, ...where, ...how, ...submission]);
  return { exitCode, report: gradeReportSchema.parse(JSON.parse(readFileSync(out, 'utf8')), { error: () => stderr }) };
}

async function gradeScript(script: string) {
  const file = join(folder, `${randomBytes(4).toString('hex')}.sh`);
  writeFileSync(file, script);
  return grade('--script', file);
}

/** The solution as a student would hand it in, without the command at `without` of the step `within`. */
function submission(within?: LabStep, without?: string): string {
  return lab.steps
    .flatMap((step) => [
      `# step: ${step.id}`,
      ...solutionOf(step, undefined).flatMap((block) => [
        `# node: ${block.node}`,
        ...commandsOf(expandText(block.script, variables))
          .filter(({ text }) => step !== within || text !== without)
          .map(({ text }) => (block.ends === undefined ? text : `timeout 5 ${text}`)),
      ]),
    ])
    .join('\n');
}

describe('on a real Swarm', () => {
  it('an empty script passes no step', async () => {
    const { exitCode, report } = await gradeScript('');
    expect(exitCode).toBe(1);
    expect(report.steps.filter((step) => step.outcome === 'passed')).toEqual([]);
  });

  const random = new Random(5);
  // What comes through the mesh is seen by nobody where the kernel has none.
  const throughMesh = (step: LabStep) => checksOf(step, undefined).some(({ value }) => value.through !== undefined);
  const commands = lab.steps
    .filter((step) => !throughMesh(step))
    .flatMap((step) =>
      solutionOf(step, undefined)
        .filter((block) => block.unchecked === undefined)
        .flatMap((block) =>
          commandsOf(expandText(block.script, variables)).map(({ text }) => ({ id: step.id, step, text })),
        ),
    );
  const drawn = Array.from({ length: LEFT_OUT }, () =>
    commands.splice(Math.floor(random.next() * commands.length), 1),
  ).flat();

  it.each(drawn)('without `$text` the step $id is refused, with its reason', async ({ step, text }) => {
    const { exitCode, report } = await gradeScript(submission(step, text));
    expect(exitCode).toBe(1);
    const refused = report.steps.find(({ id }) => id === step.id);
    expect(refused?.outcome, JSON.stringify(refused)).toBe('failed');
    const reasons = refused?.checks.filter(({ outcome, grader }) => outcome !== 'pass' && grader !== 'quiz') ?? [];
    expect(reasons.length).toBeGreaterThan(0);
    for (const reason of reasons) expect(reason.expected && reason.observed).toBeTruthy();
  });

  it('an engine that is killed half-way ends the grading with 3, and with the verdicts reached so far', async () => {
    const name = `q${randomBytes(3).toString('hex')}`;
    await swarmlab.print('cluster', 'up', name, '--nodes', 'dind', '--orchestrator', 'swarm');
    const grading = grade('--solution', '--cluster', name);
    const services = async () => (await swarmlab.exec(name, 'master', 'docker service ls -q')).stdout;
    await expect.poll(services, { timeout: 120_000, interval: 500 }).not.toBe('');
    execFileSync('docker', ['kill', `swarmlab-${name}-master`], { stdio: 'ignore' });
    const { exitCode, report } = await grading;
    expect(exitCode).toBe(3);
    expect(report.outcome).toBe('infrastructure');
    expect(report.steps[0]?.outcome).toBe('passed');
    expect(report.steps.flatMap((step) => step.checks).filter(({ outcome }) => outcome === 'wrong')).toEqual([]);
  });
});
