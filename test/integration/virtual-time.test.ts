import { randomBytes } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type GradeReport, gradeReportSchema } from '../../server/grading/report/grade-report.ts';
import { Swarmlab } from '../support/swarmlab.ts';

/** Grading on embedded nodes: real shells and the real docker client on a cluster in virtual time. */

const LAB = `---
title: Time
summary: Everything here takes time.
minutes: 5
domain: orchestration
---

# Time

## Wait {#wait points=2}

\`\`\`sh run=master
docker service create --name web --publish 8080:80 --update-monitor 30s nginx
sleep 4m
\`\`\`

\`\`\`yaml check
- service: web
  running: 1
  stable: 90s
  within: 5m
- http: http://worker1.docker-dca.example:8080
  contains: Welcome to nginx!
\`\`\`

## Follow {#follow points=2}

\`\`\`sh run=master
docker service create --detach --name talker alpine sh -c 'while :; do echo tick; sleep 1; done'
until docker service ps talker | grep Running; do sleep 1; done
timeout 1m docker service logs --follow talker >followed
docker service scale web=4
\`\`\`

\`\`\`yaml check
- request: service logs
  of: talker
  query: { follow: "1" }
- script: test "$(wc -l <followed)" -gt 20
- service: web
  running: 4
\`\`\`
`;

const swarmlab = new Swarmlab();
const folder = mkdtempSync(join(tmpdir(), 'time-'));
const lab = join(folder, 'time.md');
beforeAll(() => writeFileSync(lab, LAB));
afterAll(async () => {
  await swarmlab.dispose();
  rmSync(folder, { recursive: true });
});

async function grade(...options: string[]): Promise<{ seconds: number; report: GradeReport }> {
  const out = join(folder, `${randomBytes(4).toString('hex')}.json`);
  const began = performance.now();
  const args = ['grade', lab, '--nodes', 'embedded', '--format', 'json', '--out', out];
  const { stderr } = await swarmlab.run([...args, ...options]);
  const seconds = (performance.now() - began) / 1000;
  try {
    return { seconds, report: gradeReportSchema.parse(JSON.parse(readFileSync(out, 'utf8'))) };
  } catch {
    throw new Error(`there is no report: ${stderr}`);
  }
}

async function gradeScript(step: string, script: string, ...options: string[]) {
  const file = join(folder, `${randomBytes(4).toString('hex')}.sh`);
  writeFileSync(file, `# step: ${step}\n${script}\n`);
  return grade('--script', file, '--step', step, ...options);
}

describe('grading in virtual time', () => {
  it('does in seconds what takes minutes, and it has taken those minutes', async () => {
    const { seconds, report } = await grade('--solution');
    expect(report.outcome).toBe('passed');
    const lasted = Date.parse(report.finished) - Date.parse(report.started);
    expect(lasted).toBeGreaterThan((0.5 + 4 + 1.5 + 1) * 60_000);
    expect(seconds).toBeLessThan(60);
  });

  it('fails a service that crashes after a while, as one who waits would see it', async () => {
    const crash = `docker service create --name web --publish 8080:80 nginx sh -c 'sleep 60; exit 1'`;
    const { report } = await gradeScript('wait', crash);
    expect(report.outcome).toBe('failed');
  });

  it('ends what runs too long, by virtual time and by real', async () => {
    const waiting = await gradeScript('wait', 'sleep 1h', '--limit', '5m');
    expect(waiting.seconds).toBeLessThan(60);
    expect(waiting.report.steps[0]?.commands[0]?.ended).toBe('limit');
    const computing = await gradeScript('wait', 'while :; do :; done', '--limit', '2s');
    expect(computing.report.steps[0]?.commands[0]?.ended).toBe('limit');
  });

  it('gives every part a shell that knows nothing of the one before', async () => {
    const part = 'cd /tmp && LEFT=1$LEFT && echo "fresh $SHLVL $PWD $LEFT" && wc -c';
    const file = join(folder, 'parts.sh');
    writeFileSync(file, `# step: wait\n${part}\n# step: follow\n${part}\n`);
    const { report } = await grade('--script', file);
    const said = report.steps.flatMap(({ commands }) => commands.map(({ output }) => output));
    expect(said).toEqual(['fresh 1 /tmp 1\n0\n', 'fresh 1 /tmp 1\n0\n']);
  });

  it('leaves `sleep` and `timeout` their exit codes', async () => {
    const commands: [code: number, command: string][] = [
      [0, 'timeout 5 true'],
      [3, "timeout 5 sh -c 'exit 3'"],
      [124, 'timeout 5 sleep 1h'],
      [137, 'timeout -s KILL 5m sleep 1h'],
      [125, 'timeout'],
      [1, 'sleep soon'],
      [0, '/bin/sleep 1h & wait'],
    ];
    const script = commands.map(([, command], index) => `${command}\necho "${index}: $?"`).join('\n');
    const { report } = await gradeScript('wait', script, '--limit', '3h');
    const said = report.steps[0]?.commands[0]?.output ?? '';
    for (const [index, [code]] of commands.entries()) expect(said).toContain(`${index}: ${code}\n`);
  });
});
