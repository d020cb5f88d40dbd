import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { z } from 'zod';
import { newLab } from '../../server/labs/new-lab.ts';
import { drawVariables } from '../../server/labs/variables.ts';

const ROOT = resolve(import.meta.dirname, '..', '..');
const folder = mkdtempSync(join(tmpdir(), 'action-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const action = z
  .object({
    inputs: z.record(z.string(), z.object({ default: z.string().optional() })),
    runs: z.object({
      using: z.literal('composite'),
      steps: z.array(
        z.object({
          id: z.string().optional(),
          shell: z.literal('bash').optional(),
          env: z.record(z.string(), z.string()).optional(),
          run: z.string().optional(),
        }),
      ),
    }),
  })
  .parse(parse(readFileSync(join(ROOT, 'action.yml'), 'utf8')));

/** Runs the action's steps as a runner does: bash with -eo pipefail, expressions put into the environment. Stops at the first failure. */
async function runAction(inputs: Record<string, string>) {
  const files = { output: join(folder, `output-${inputs.script}`), summary: join(folder, `summary-${inputs.script}`) };
  for (const file of Object.values(files)) writeFileSync(file, '');
  const values: Record<string, string> = { 'github.action_path': ROOT, 'github.actor': 'octocat' };
  const expand = (value: string): string =>
    value.replace(/\$\{\{\s*([\w.-]+)\s*\}\}/g, (_whole, name: string) => {
      const input = /^inputs\.(.*)$/.exec(name)?.[1];
      return input === undefined ? (values[name] ?? '') : expand(inputs[input] ?? action.inputs[input]?.default ?? '');
    });
  let stdout = '';
  for (const step of action.runs.steps) {
    if (step.run === undefined) continue;
    const env = Object.fromEntries(Object.entries(step.env ?? {}).map(([name, value]) => [name, expand(value)]));
    const child = spawn('bash', ['--noprofile', '--norc', '-eo', 'pipefail', '-c', step.run], {
      cwd: folder,
      env: {
        ...process.env,
        ...env,
        GITHUB_OUTPUT: files.output,
        GITHUB_STEP_SUMMARY: files.summary,
        SWARMLAB_STATE: join(folder, 'state'),
      },
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    stdout += await text(child.stdout);
    const code =
      child.exitCode ?? (await new Promise<number>((done) => child.once('exit', (exit) => done(exit ?? -1))));
    if (code !== 0) break;
  }
  return { stdout, output: readFileSync(files.output, 'utf8'), summary: readFileSync(files.summary, 'utf8') };
}

describe('the action', () => {
  const facts = { title: 'Two steps', summary: 'Create and scale.', minutes: 5, domain: 'orchestration' } as const;
  writeFileSync(join(folder, 'lab.md'), newLab({ ...facts, service: 'web' }));
  const create = '# step: create\ndocker service create --name web nginx\n';

  it('annotates what is missing, and fails', async () => {
    writeFileSync(join(folder, 'half.sh'), create);
    const { stdout, output, summary } = await runAction({ lab: 'lab.md', script: 'half.sh' });
    expect(stdout).toMatch(/^::error file=lab\.md,line=\d+,title=lab%3A Scale it::service web: 1 of 1 running/m);
    expect(output).toContain('exit-code=1');
    expect(output).toContain('earned=2');
    expect(summary).toContain('| Scale it | failed | 0/2 |');
    expect(readFileSync(join(folder, 'swarmlab-reports', 'junit.xml'), 'utf8')).toContain('<failure');
  });

  it('passes who has done it all', async () => {
    const { replicas } = drawVariables({ replicas: { pick: [3, 4, 5] } }, 'octocat');
    writeFileSync(join(folder, 'whole.sh'), `${create}# step: scale\ndocker service scale web=${replicas}\n`);
    const { output, summary } = await runAction({ lab: 'lab.md', script: 'whole.sh' });
    expect(output).toContain('exit-code=0');
    expect(summary).toContain('4 of 4 points, passed');
  });
});

describe('the GitLab example', () => {
  const job = z
    .object({
      grade: z.object({
        script: z.array(z.string()),
        artifacts: z.object({ reports: z.object({ junit: z.string() }) }),
      }),
    })
    .parse(parse(readFileSync(join(ROOT, 'docs', 'gitlab-ci.yml'), 'utf8'))).grade;

  it('fails the job of who has not done it all, and leaves a JUnit report and evidence', async () => {
    writeFileSync(join(folder, 'half.sh'), '# step: create\ndocker service create --name web nginx\n');
    let code = 0;
    for (const line of job.script) {
      const child = spawn('bash', ['-eo', 'pipefail', '-c', line.replaceAll('/opt/swarmlab', ROOT)], {
        cwd: folder,
        env: {
          ...process.env,
          LAB: 'lab.md',
          SCRIPT: 'half.sh',
          GITLAB_USER_LOGIN: 'tanuki',
          SWARMLAB_STATE: join(folder, 'state'),
        },
        stdio: 'ignore',
      });
      code ||= await new Promise<number>((done) => child.once('exit', (exit) => done(exit ?? -1)));
    }
    expect(code).toBe(1);
    expect(readFileSync(join(folder, job.artifacts.reports.junit), 'utf8')).toContain('<failure');
    expect(readFileSync(join(folder, 'evidence.gz')).length).toBeGreaterThan(100);
  });
});
