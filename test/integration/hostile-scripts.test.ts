import { randomBytes } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { gradeReportSchema } from '../../server/grading/report/grade-report.ts';
import { newLab } from '../../server/labs/new-lab.ts';
import { Swarmlab } from '../support/swarmlab.ts';

const NAME = `h${randomBytes(3).toString('hex')}`;
const swarmlab = new Swarmlab();
const folder = mkdtempSync(join(tmpdir(), 'hostile-'));
const lab = join(folder, 'two-steps.md');

beforeAll(async () => {
  const facts = { title: 'Two steps', summary: 'Create and scale.', minutes: 5, domain: 'orchestration' } as const;
  writeFileSync(lab, newLab({ ...facts, service: 'web' }));
  await swarmlab.print('cluster', 'up', NAME, '--nodes', 'embedded');
});
afterAll(async () => {
  await swarmlab.dispose();
  rmSync(folder, { recursive: true });
});

async function grade(script: string | Buffer) {
  const [file, out] = ['sh', 'json'].map((type) => join(folder, `${randomBytes(4).toString('hex')}.${type}`));
  writeFileSync(file ?? '', script);
  const call = ['grade', lab, '--script', file ?? '', '--cluster', NAME, '--seed', 'a', '--limit', '2s'];
  const { exitCode, stderr } = await swarmlab.run([...call, '--format', 'json', '--out', out ?? '']);
  return { exitCode, stderr, report: () => gradeReportSchema.parse(JSON.parse(readFileSync(out ?? '', 'utf8'))) };
}

const FAKE = 'printf "#!/bin/sh\\necho 1/1 running; exit 0\\n"';

/** Embedded nodes have no machine of their own to break: what keeps a script in its place here is the sandbox. */
describe('a script on embedded nodes that', () => {
  // None of them makes a service, so they can work on one cluster side by side.
  it.concurrent.each([
    ['loops and does not listen to signals', 'trap "" INT TERM HUP; while :; do :; done'],
    ['floods both streams', 'yes & yes >&2'],
    ['floods without a line break', 'tr "\\0" x </dev/zero'],
    ['kills its shell', 'kill -9 $$'],
    ['kills everything it can', 'kill -9 -1'],
    ['leaves processes behind', 'for i in 1 2 3; do setsid nohup sleep 600 & done; exit 0'],
    ['closes its streams', 'exec <&- >&- 2>&-; sleep 600'],
    ['edits /etc/hosts', 'echo 127.0.0.1 worker1.docker-dca.example >>/etc/hosts; >/etc/hosts; rm -f /etc/hosts'],
    [
      'fakes docker by an alias',
      'shopt -s expand_aliases\nalias docker="echo"\ndocker service create --name web nginx',
    ],
    ['fakes docker by a function', 'docker() { echo web; }; export -f docker; docker service create --name web nginx'],
    [
      'fakes docker by a program in its PATH',
      `mkdir -p ~/bin; ${FAKE} >~/bin/docker; chmod +x ~/bin/docker; PATH=~/bin:$PATH; command docker service create --name web nginx`,
    ],
    [
      'fakes docker for every shell to come',
      `mkdir -p ~/bin; ${FAKE} >~/bin/docker; chmod +x ~/bin/docker; echo 'PATH=~/bin:$PATH; docker() { true; }' | tee ~/.bashrc ~/.bash_profile ~/.profile`,
    ],
    ['replaces docker itself', `${FAKE} >/usr/bin/docker; rm -f /usr/bin/docker; mount -t tmpfs x /usr/bin`],
    ['asks another engine', 'export DOCKER_HOST=tcp://127.0.0.1:1; docker service create --name web nginx'],
    ['takes the gateway away', 'rm -f /var/run/docker.sock; mv /var/run /var/walk'],
    ['takes its home away', 'rm -rf ~ ~/.*; ln -s / ~/x; cd /; rmdir ~'],
    ['claims to be the grader', 'echo "::set-output name=earned::4"; echo "4 of 4 points"; echo Passed.; exit 0'],
    ['is no text', '\u0001\uFFFD\u0007\u001b[2J\u202e'],
    ['ends in the middle of a quote', 'docker service create --name web "nginx'],
  ])('%s fails fairly', async (_what, script) => {
    const { exitCode, report } = await grade(`# step: create\n${script}\n`);
    const { steps, points } = report();
    expect({ exitCode, outcomes: steps.map((step) => step.outcome), earned: points.earned }).toEqual({
      exitCode: 1,
      outcomes: ['failed', 'failed'],
      earned: 0,
    });
    expect(steps.flatMap((step) => step.checks).map((check) => check.observed)).toEqual([
      'there is none',
      'there is none',
    ]);
  });

  it.each([
    ['is longer than a script can be', Buffer.alloc(2 * 1024 * 1024, 'a\n'), 'is longer than'],
    ['holds what no command can hold', '# step: create\necho \u0000\n', 'script line 2: it holds a zero byte'],
    ['names a step that is not there', '# step: publish\n', 'has no step `publish`'],
    ['names a node that is not there', '# node: worker9\n', 'has no node `worker9`'],
    ['answers nothing', '# answer: what\n', 'expected `# answer: QUESTION = ANSWER`'],
  ])('%s is refused', async (_what, script, message) => {
    const { exitCode, stderr } = await grade(script);
    expect(exitCode).toBe(2);
    expect(stderr).toContain(message);
  });

  it('has broken nothing: the solution passes on the same cluster', async () => {
    const { exitCode } = await swarmlab.run(['grade', lab, '--solution', '--cluster', NAME, '--seed', 'a']);
    expect(exitCode).toBe(0);
  });
});

describe('a lab file that is', () => {
  it.each([
    ['a device', '/dev/zero', 'is longer than'],
    ['a folder', '.', 'cannot be read'],
    ['not there', './nowhere.md', 'there is no file'],
  ])('%s is refused', async (_what, path, message) => {
    const { exitCode, stderr } = await swarmlab.run([
      'grade',
      path.startsWith('.') ? join(folder, path) : path,
      '--solution',
    ]);
    expect({ exitCode, says: stderr.split('\n')[0] }).toEqual({ exitCode: 2, says: expect.stringContaining(message) });
  });
});
