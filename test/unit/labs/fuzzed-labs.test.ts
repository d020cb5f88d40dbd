import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { VirtualClock } from '../../../server/clock/virtual-clock.ts';
import { SwarmlabError } from '../../../server/errors/swarmlab-error.ts';
import { gradeLab } from '../../../server/grading/grade-lab.ts';
import type { Lab } from '../../../server/labs/lab.ts';
import { LABS_FOLDER, listLabs } from '../../../server/labs/lab-library.ts';
import { formatProblem } from '../../../server/labs/lab-problem.ts';
import { lintLab } from '../../../server/labs/lint/lint-lab.ts';
import { parseLab } from '../../../server/labs/parse-lab.ts';
import { parseTranslation } from '../../../server/labs/translation/parse-translation.ts';
import { labForPage } from '../../../server/workspaces/lab/lab-for-page.ts';
import { fuzzedLab } from '../../support/fuzzed-lab.ts';
import { Random } from '../../support/random.ts';
import { SEED } from '../../support/seed.ts';
import { FakeCluster } from '../grading/fake-cluster.ts';

const FILES = 200;
const names = await listLabs();
const read = (file: string) => readFileSync(join(LABS_FOLDER, file), 'utf8');
const sources = names.map((name) => read(`${name}.md`));

/** Grades a script without a command; gives the exit code that `swarmlab grade` would end with. */
async function gradeNothing(lab: Lab): Promise<number> {
  const clock = new VirtualClock();
  const cluster = Object.assign(new FakeCluster(), { fault: async () => {} });
  cluster.set('/images/json', []);
  cluster.set('/containers/json?all=1', []);
  cluster.onExec = () => ({ exitCode: 7, stderr: 'no' });
  let exitCode: number | undefined;
  let failure: unknown;
  const submission = { kind: 'script', steps: new Map() } as const;
  gradeLab({ lab, seed: 's', cluster, clock, submission, partLimit: 1000, realTime: true }).then(
    (report) => {
      exitCode = report.exitCode;
    },
    (error: unknown) => {
      failure = error;
    },
  );
  await clock.advanceUntil(() => exitCode !== undefined || failure !== undefined, 48 * 3_600_000);
  if (failure instanceof SwarmlabError) return failure.exitCode;
  if (failure !== undefined) throw failure;
  return exitCode ?? -1;
}

/** A lab file with two of its steps: quickly read and graded. */
function excerpt(source: string, random: Random): string {
  const [front = '', ...steps] = source.split(/^(?=## )/m);
  const at = Math.floor(random.next() * steps.length);
  return [front.replace(/^exam:\n( {2}.*\n)+/m, ''), ...steps.slice(at, at + 2)].join('');
}

/** The lab with checks that hardly wait. */
function hurried(lab: Lab): Lab {
  const steps = lab.steps.map((step) => ({
    ...step,
    blocks: step.blocks.map((block) =>
      block.kind === 'checks'
        ? { ...block, checks: block.checks.map((check) => ({ ...check, value: { ...check.value, within: '1ms' } })) }
        : block,
    ),
  }));
  return { ...lab, steps };
}

describe(`fuzzed lab files (seed ${SEED})`, () => {
  test(`${FILES} of them: mistakes told with their places, or an empty script fails`, async () => {
    const outcomes = { refused: 0, failed: 0 };
    for (let number = 0; number < FILES; number++) {
      const random = new Random(SEED + number);
      const source = fuzzedLab(excerpt(random.pick(sources), random), random);
      const where = `fuzzed lab number ${number}`;
      const { lab, problems } = parseLab(source, 'fuzzed.md');
      for (const problem of problems) expect(formatProblem(problem), where).toMatch(/^fuzzed\.md:\d+:\d+: \w+: ./s);
      if (lab === undefined) {
        expect(
          problems.some(({ severity }) => severity === 'error'),
          where,
        ).toBe(true);
        outcomes.refused++;
        continue;
      }
      lintLab(lab);
      JSON.stringify(labForPage(lab, { variables: {}, variant: undefined }));
      expect([1, 2], `${where}: ${source}`).toContain(await gradeNothing(hurried(lab)));
      outcomes.failed++;
    }
    expect(Reflect.get({}, 'polluted')).toBeUndefined();
    expect(outcomes.refused).toBeGreaterThan(20);
    expect(outcomes.failed).toBeGreaterThan(20);
  }, 120_000);

  test('fuzzed translations: mistakes told with their places, or read', () => {
    const { lab } = parseLab(read('swarm-services.md'), 'swarm-services.md');
    if (lab === undefined) throw new Error('swarm-services has mistakes');
    const spanish = read('swarm-services.es.md');
    for (let number = 0; number < 20; number++) {
      const { translation, problems } = parseTranslation(
        fuzzedLab(spanish, new Random(SEED + number)),
        'fuzzed.es.md',
        lab,
      );
      expect(translation !== undefined || problems.some(({ severity }) => severity === 'error')).toBe(true);
    }
  }, 120_000);
});

describe('a lab file made to harm', () => {
  const front = '---\ntitle: T\nsummary: S\nminutes: 1\ndomain: orchestration\n---\n\n## Step {#step}\n\n';
  test.each([
    [
      'multiplies itself by aliases',
      `---\na: &a [x, x]\n${[...'bcdefghijk'].map((name, index) => `${name}: &${name} [*${'abcdefghij'[index]}, *${'abcdefghij'[index]}]`).join('\n')}\n---\n`,
    ],
    ['nests without end', `---\ntitle: ${'['.repeat(50_000)}\n---\n`],
    ['quotes without end', `${front}${'> '.repeat(20_000)}x`],
    ['is no text', `\u0000\u0001${'\uFFFD'.repeat(1000)}`],
    ['is too long', 'x'.repeat(3 * 1024 * 1024)],
    ['is empty', ''],
    ['checks nothing but a prototype', `${front}\`\`\`yaml check\n- __proto__: { a: 1 }\n\`\`\`\n`],
    ['has a pattern that is none', `${front}\`\`\`yaml check\n- logs: web\n  matches: "("\n\`\`\`\n`],
    ['waits for years', `${front}\`\`\`yaml check\n- service: web\n  within: 99999h\n\`\`\`\n`],
  ])('that %s is refused', (_what, source) => {
    const { lab, problems } = parseLab(source, 'x.md');
    expect(lab).toBeUndefined();
    expect(problems.length).toBeGreaterThan(0);
  });

  test('that checks nothing cannot be passed', async () => {
    const { lab } = parseLab(`${front}Just read.\n`, 'x.md');
    expect(lab && (await gradeNothing(lab))).toBe(2);
  });
});
