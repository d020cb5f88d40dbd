import { createPublicKey, generateKeyPairSync } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parseCsv } from '../../server/grading/batch/csv.ts';
import { unpackEvidence } from '../../server/grading/evidence/bundle.ts';
import { gradeReportSchema } from '../../server/grading/report/grade-report.ts';
import { newLab } from '../../server/labs/new-lab.ts';
import { drawVariables } from '../../server/labs/variables.ts';
import { Swarmlab } from '../support/swarmlab.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const swarmlab = new Swarmlab();
const folder = temporaryFolder('embedded-');
const lab = join(folder, 'two-steps.md');
const inFolder = (name: string) => join(folder, name);
const replicasOf = (seed: string) => drawVariables({ replicas: { pick: [3, 4, 5] } }, seed).replicas;

const CREATE = '# step: create\ndocker service create --name web nginx\n';
const whole = (seed: string) => `${CREATE}# step: scale\ndocker service scale web=${replicasOf(seed)}\n`;

/** Grades on a cluster of its own, which takes no engine. */
const grade = (...options: string[]) => swarmlab.run(['grade', lab, '--nodes', 'embedded', ...options]);

beforeAll(() => {
  const facts = { title: 'Two steps', summary: 'Create and scale.', minutes: 5, domain: 'orchestration' } as const;
  writeFileSync(lab, newLab({ ...facts, service: 'web' }));
});
afterAll(() => swarmlab.dispose());

describe('the exit code', () => {
  it('is 0 for who has passed', async () => {
    writeFileSync(inFolder('whole.sh'), whole('a'));
    expect((await grade('--script', inFolder('whole.sh'), '--seed', 'a')).exitCode).toBe(0);
  });

  it('is 1 for who has not', async () => {
    writeFileSync(inFolder('half.sh'), CREATE);
    expect((await grade('--script', inFolder('half.sh'), '--seed', 'a')).exitCode).toBe(1);
  });

  it('is 2 for a lab that is wrong', async () => {
    writeFileSync(inFolder('wrong.md'), readFileSync(lab, 'utf8').replace('running: 1', 'running: many'));
    const { exitCode, stderr } = await swarmlab.run([
      'grade',
      inFolder('wrong.md'),
      '--solution',
      '--nodes',
      'embedded',
    ]);
    expect({ exitCode, stderr }).toEqual({ exitCode: 2, stderr: expect.stringMatching(/wrong\.md:\d+:\d+: error: /) });
  });

  it('is 3 for a cluster that cannot be asked, and blames nobody', async () => {
    const { exitCode, stdout } = await swarmlab.run(['grade', lab, '--host', 'unix:///nowhere/docker.sock']);
    expect({ exitCode, stdout }).toEqual({ exitCode: 3, stdout: expect.stringContaining('no failure of the student') });
  });
});

describe('evidence', () => {
  const bundle = inFolder('evidence.gz');
  const keys = generateKeyPairSync('ed25519');
  const key = inFolder('key.pem');
  const trusted = inFolder('trusted.pem');
  const regrade = (file: string, ...options: string[]) => swarmlab.run(['regrade', file, ...options]);

  beforeAll(async () => {
    writeFileSync(key, keys.privateKey.export({ type: 'pkcs8', format: 'pem' }));
    writeFileSync(trusted, createPublicKey(keys.privateKey).export({ type: 'spki', format: 'pem' }));
    writeFileSync(inFolder('half.sh'), CREATE);
    const out = ['--format', 'json', '--out', inFolder('then.json')];
    const { exitCode, stderr } = await grade(
      ...['--script', inFolder('half.sh'), '--seed', 'a', '--evidence', bundle, '--sign', key, ...out],
    );
    expect(exitCode, stderr).toBe(1);
  });

  it('is graded again to the same verdicts, offline', async () => {
    const { exitCode, stderr } = await regrade(
      bundle,
      '--trust',
      trusted,
      '--format',
      'json',
      '--out',
      inFolder('now.json'),
    );
    expect(exitCode).toBe(1);
    const [then, now] = ['then.json', 'now.json'].map((name) =>
      gradeReportSchema.parse(JSON.parse(readFileSync(inFolder(name), 'utf8'))),
    );
    expect(now).toEqual(then);
    expect(stderr).toContain('It says nothing about what was graded on a machine where the student is root');
  });

  it('holds the cluster before and after, what its engines told, the seed, the lab and the versions', () => {
    const { evidence } = unpackEvidence(readFileSync(bundle));
    const names = (state: Record<string, unknown> = {}) =>
      JSON.stringify(state['/services']).match(/"Name":"web"/g) ?? [];
    expect([names(evidence.before).length, names(evidence.after).length]).toEqual([0, 1]);
    expect(JSON.stringify(evidence.events)).toContain('"Type":"service"');
    expect(JSON.stringify(evidence)).not.toContain('SWMTKN-1-');
    expect(Object.keys(evidence.engines ?? {})).toEqual(['master', 'worker1', 'worker2', 'registry']);
    expect(evidence.report).toMatchObject({ seed: 'a', lab: { hash: evidence.lab.hash } });
    expect(JSON.stringify(evidence.requests.master)).toContain('/services/create');
  });

  it('that was changed after it was signed is refused', async () => {
    const { evidence, signature } = JSON.parse(gunzipSync(readFileSync(bundle)).toString('utf8'));
    const changed = { evidence: evidence.replaceAll('"failed"', '"passed"'), signature };
    writeFileSync(inFolder('changed.gz'), gzipSync(JSON.stringify(changed)));
    const { exitCode, stderr } = await regrade(inFolder('changed.gz'));
    expect({ exitCode, stderr }).toEqual({
      exitCode: 2,
      stderr: expect.stringContaining('changed after it had been signed'),
    });
  });

  it('that somebody else has signed, or nobody, is not trusted', async () => {
    const { evidence } = JSON.parse(gunzipSync(readFileSync(bundle)).toString('utf8'));
    writeFileSync(inFolder('bare.gz'), gzipSync(JSON.stringify({ evidence })));
    const other = generateKeyPairSync('ed25519').publicKey.export({ type: 'spki', format: 'pem' });
    writeFileSync(inFolder('other.pem'), other);
    for (const [file, trust] of [
      ['bare.gz', trusted],
      ['evidence.gz', inFolder('other.pem')],
    ] as const) {
      const { exitCode, stderr } = await regrade(inFolder(file), '--trust', trust);
      expect({ exitCode, stderr }).toEqual({
        exitCode: 2,
        stderr: expect.stringContaining('not signed with the trusted key'),
      });
    }
  });

  it.each([
    ['nonsense', 'nonsense'],
    ['something else', gzipSync(JSON.stringify({ evidence: 'x'.repeat(1000) }))],
  ])('that is %s is refused', async (_what, bytes) => {
    writeFileSync(inFolder('bad.gz'), bytes);
    const { exitCode, stderr } = await regrade(inFolder('bad.gz'));
    expect({ exitCode, stderr }).toEqual({ exitCode: 2, stderr: expect.stringContaining('no evidence bundle') });
  });
});

describe('a batch', () => {
  it('grades a folder side by side, ends what takes too long, and gives a row to everybody', async () => {
    const scripts = inFolder('class');
    mkdirSync(scripts);
    for (const [student, script] of Object.entries({
      ann: whole('ann'),
      bob: CREATE,
      eve: '# step: create\nwhile :; do :; done\n',
      joe: '# step: nowhere\n',
    }))
      writeFileSync(join(scripts, `${student}.sh`), script);
    const csv = inFolder('class.csv');
    const reports = inFolder('reports');
    const { exitCode, stderr } = await grade(
      ...['--batch', scripts, '--parallel', '2', '--student-limit', '15s', '--out', csv, '--reports', reports],
    );
    const [header = [], ...rows] = parseCsv(readFileSync(csv, 'utf8'));
    const column = (name: string) => rows.map((row) => row[header.indexOf(name)]);
    expect({ outcomes: column('outcome'), earned: column('earned'), exitCode }, stderr).toEqual({
      outcomes: ['passed', 'failed', 'failed', 'refused'],
      earned: ['4', '2', '0', '0'],
      exitCode: 2,
    });
    expect(column('student')).toEqual(['ann', 'bob', 'eve', 'joe']);
    expect(column('reason')[2]).toBe('not done within 15s');
    expect(column('reason')[3]).toContain('no step `nowhere`');
    expect(readFileSync(join(reports, 'ann.json'), 'utf8')).toContain('"outcome": "passed"');
    expect(JSON.parse(await swarmlab.print('cluster', 'ls', '--json'))).toEqual([]);
  });
});
