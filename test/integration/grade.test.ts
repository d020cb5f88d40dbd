import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type GradeReport, gradeReportSchema } from '../../server/grading/report/grade-report.ts';
import { newLab } from '../../server/labs/new-lab.ts';
import { drawVariables } from '../../server/labs/variables.ts';
import { Swarmlab } from '../support/swarmlab.ts';

const NAME = `g${randomBytes(3).toString('hex')}`;
const CONTAINER = `swarmlab-${NAME}-master`;
const REPLICAS = drawVariables({ replicas: { pick: [3, 4, 5] } }, 'a').replicas;
const swarmlab = new Swarmlab();
const folder = mkdtempSync(join(tmpdir(), 'grade-'));
const lab = join(folder, 'two-steps.md');

beforeAll(async () => {
  const facts = { title: 'Two steps', summary: 'Create and scale.', minutes: 5, domain: 'orchestration' } as const;
  writeFileSync(lab, newLab({ ...facts, service: 'web' }));
  await swarmlab.print('cluster', 'up', NAME);
});
afterAll(async () => {
  await swarmlab.dispose();
  rmSync(folder, { recursive: true });
});

/** Grades a script on the cluster and clears the cluster up afterwards; gives the exit code and the report. */
async function grade(
  script: string,
  ...options: string[]
): Promise<{ exitCode: number; report: GradeReport; stderr: string }> {
  const file = join(folder, `${randomBytes(4).toString('hex')}.sh`);
  writeFileSync(file, script);
  try {
    return await call('--script', file, '--cluster', NAME, ...options);
  } finally {
    await swarmlab.exec(NAME, 'master', 'docker service ls -q | xargs -r docker service rm');
  }
}

async function call(...options: string[]) {
  const out = join(folder, `${randomBytes(4).toString('hex')}.json`);
  const args = ['grade', lab, '--seed', 'a', '--format', 'json', '--out', out, ...options];
  const { exitCode, stderr } = await swarmlab.run(args);
  return { exitCode, stderr, report: gradeReportSchema.parse(JSON.parse(readFileSync(out, 'utf8'))) };
}

const outcomes = (report: GradeReport) => report.steps.map((step) => step.outcome);
const reasons = (report: GradeReport) =>
  report.steps.flatMap((step) =>
    step.checks.filter((check) => check.outcome !== 'pass').map((check) => check.observed),
  );

const CREATE = '# step: create\ndocker service create --name web nginx\n';

describe('grading a script on a cluster', () => {
  it('passes what does everything', async () => {
    const { exitCode, report } = await grade(`${CREATE}# step: scale\ndocker service scale web=${REPLICAS}\n`);
    expect(exitCode).toBe(0);
    expect(report).toMatchObject({ outcome: 'passed', points: { earned: 4, possible: 4 }, shortened: 2 });
  });

  it('fails an empty script without passing a step', async () => {
    const { exitCode, report } = await grade('');
    expect(exitCode).toBe(1);
    expect(outcomes(report)).toEqual(['failed', 'failed']);
  });

  it('fails what leaves a command out, at its step and with its reason', async () => {
    const { exitCode, report } = await grade(CREATE);
    expect(exitCode).toBe(1);
    expect(outcomes(report)).toEqual(['passed', 'failed']);
    expect(report.steps[1]?.checks[0]?.because).toBe('the service asks for 1');
  });

  it('grades the same when the docker client takes its time', async () => {
    const { exitCode, report } = await grade(CREATE, '--real-time', '--step', 'create');
    expect(exitCode).toBe(0);
    expect(report).toMatchObject({ realTime: true, shortened: 0 });
  });
});

describe('a hostile script', () => {
  it.each([
    ['loops', 'while :; do :; done'],
    ['floods', 'yes'],
    ['kills its shell', 'kill -9 $$'],
    ['leaves something running', 'setsid nohup sleep 600 & sleep 0.1'],
    ['closes its output', 'exec >&- 2>&-; sleep 600'],
    ['fakes docker by a function', 'docker() { echo web; echo converged; }; docker service create --name web nginx'],
    [
      'fakes docker by a program',
      'mkdir -p ~/bin; printf "#!/bin/sh\\necho 1/1\\n" >~/bin/docker; chmod +x ~/bin/docker; PATH=~/bin:$PATH; export PATH; docker service create --name web nginx',
    ],
    ['edits what it may not', 'echo 127.0.0.1 worker1 >>/etc/hosts; rm -rf /usr/bin/docker'],
  ])('that %s fails fairly', async (_what, script) => {
    const { exitCode, report } = await grade(`# step: create\n${script}\n`, '--limit', '4s');
    expect(exitCode).toBe(1);
    expect(outcomes(report)).toEqual(['failed', 'failed']);
    expect(reasons(report)).toEqual(['there is none', 'there is none']);
  });
});

describe('a wrong call', () => {
  it.each([
    ['an unknown lab', ['grade', 'no-such-lab', '--solution']],
    ['an unknown step', ['grade', 'swarm-services', '--solution', '--step', 'nowhere']],
    ['an unknown variant', ['grade', 'swarm-services', '--solution', '--variant', 'none']],
    ['an unknown cluster', ['grade', 'swarm-services', '--solution', '--cluster', 'nobody']],
    ['nothing to grade', ['grade', 'swarm-services']],
    ['two submissions', ['grade', 'swarm-services', '--solution', '--script', '/dev/null']],
    ['an address that is none', ['grade', 'swarm-services', '--host', 'nonsense']],
    ['a format that is none', ['grade', 'swarm-services', '--solution', '--format', 'pdf']],
  ])('with %s exits 2 and says so in a line', async (_what, args) => {
    const { exitCode, stderr } = await swarmlab.run(args);
    expect(exitCode).toBe(2);
    expect(stderr).toMatch(/^error\[SL_[A-Z_]+\]: /);
  });

  it('with a lab that breaks the rules exits 2 and names the place', async () => {
    const broken = join(folder, 'broken.md');
    writeFileSync(broken, readFileSync(lab, 'utf8').replace('running: 1', 'runing: 1'));
    const { exitCode, stderr } = await swarmlab.run(['grade', broken, '--solution']);
    expect(exitCode).toBe(2);
    expect(stderr).toMatch(/broken\.md:\d+:3: error: there is no `runing`, did you mean `running`\?/);
  });
});

describe('a cluster as it stands', () => {
  it('is graded over the Engine API alone; what cannot be seen so is told and costs nothing', async () => {
    await swarmlab.exec(NAME, 'master', `docker service create -q -d --name web --replicas ${REPLICAS} nginx`);
    const host = `unix://${join(swarmlab.state, 'clusters', NAME, 'nodes', 'master', 'docker.sock')}`;
    const { exitCode, report } = await call('--host', host, '--step', 'scale');
    expect({ exitCode, outcomes: outcomes(report) }).toEqual({ exitCode: 0, outcomes: ['passed'] });
    await swarmlab.exec(NAME, 'master', 'docker service rm web');
  });
});

describe('a cluster that breaks down', () => {
  it('exits 3 with the verdicts reached so far, none of them failed', async () => {
    const dies = setInterval(() => {
      const services = execFileSync('docker', ['exec', CONTAINER, 'docker', 'service', 'ls'], { encoding: 'utf8' });
      if (!services.includes('web')) return;
      clearInterval(dies);
      execFileSync('docker', ['kill', CONTAINER], { stdio: 'ignore' });
    }, 500);
    const { exitCode, report } = await grade(`${CREATE}# step: scale\nsleep 60\n`).finally(() => clearInterval(dies));
    expect(exitCode).toBe(3);
    expect(report.outcome).toBe('infrastructure');
    expect(report.steps.flatMap((step) => step.checks).filter((check) => check.outcome === 'wrong')).toEqual([]);
    expect(['error', 'not-reached']).toContain(report.steps.at(-1)?.outcome);
  });

  it('exits 3 when it was never there', async () => {
    const { exitCode, report } = await call('--host', 'unix:///nowhere/docker.sock');
    expect(exitCode).toBe(3);
    expect(outcomes(report)).toEqual(['not-reached', 'not-reached']);
  });
});
