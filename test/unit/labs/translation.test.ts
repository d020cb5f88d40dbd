import { mkdtempSync, readdirSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { blocksOf, checksOf, type Lab, solutionOf } from '../../../server/labs/lab.ts';
import { LABS_FOLDER, loadLab, readLab, readTranslation, translationsOf } from '../../../server/labs/lab-library.ts';
import { formatProblem } from '../../../server/labs/lab-problem.ts';
import { lintTranslation } from '../../../server/labs/lint/lint-translation.ts';
import { parseLab } from '../../../server/labs/parse-lab.ts';
import { languageOf, parseTranslation } from '../../../server/labs/translation/parse-translation.ts';
import { fromOriginal, toOriginal, translate } from '../../../server/labs/translation/translation.ts';
import { translateVerdict } from '../../../server/workspaces/steps/translate-verdict.ts';

const fence = (info: string, body: string) => `\`\`\`${info}\n${body}\n\`\`\`\n\n`;
const ORIGINAL =
  '---\ntitle: Two\nsummary: S\nminutes: 1\ndomain: orchestration\nvars: { n: 3 }\n---\n\nHello.\n\n' +
  `## First {#first points=2}\n\nCreate it.\n\n${fence('sh run=master', 'one {{n}}')}${fence('sh solution=master', 'hidden')}Then:\n\n${fence('sh run=worker1', 'two')}` +
  fence('yaml check', '- service: web\n  published: { target: 80, as: port }\n  title: It runs {{n}}') +
  fence(
    'yaml quiz',
    '- id: color\n  ask: Which?\n  options: [red, blue]\n  right: blue\n- id: word\n  ask: What?\n  answer: [cat]',
  ) +
  `${fence('md hint', 'Look.')}## Second {#second}\n\nSee {{port}}.\n\n${fence('yaml quiz', '- id: other\n  ask: Why?\n  answer: so')}`;
const SPANISH =
  '---\ntitle: Dos\n---\n\nHola.\n\n' +
  `## Primero {#first}\n\nCréalo.\n\n${fence('sh run=master', '')}${fence('sh run=worker1', 'two')}Luego, {{port}}.\n\n` +
  fence(
    'yaml quiz',
    '- id: color\n  ask: ¿Cuál?\n  options: [rojo, azul]\n- id: word\n  ask: ¿Qué?\n  answer: [gato, gata]',
  ) +
  fence('yaml check', '"It runs {{n}}": Corre {{n}}') +
  fence('md hint', 'Mira.');

function original(): Lab {
  const { lab, problems } = parseLab(ORIGINAL, 'two.md');
  if (lab === undefined) throw new Error(problems.map(formatProblem).join('\n'));
  return lab;
}

function translation(source = SPANISH) {
  const parsed = parseTranslation(source, 'two.es.md', original());
  if (parsed.translation === undefined) throw new Error(parsed.problems.map(formatProblem).join('\n'));
  return parsed.translation;
}

const problemsOf = (source: string) => parseTranslation(source, 'two.es.md', original()).problems.map(formatProblem);

describe('a translated lab', () => {
  const read = () => translate(original(), translation());

  test('reads in the other language, with the commands, checks and points of the original', () => {
    const [first] = read().steps;
    expect([read().title, read().summary, first?.title, first?.points]).toEqual(['Dos', 'S', 'Primero', 2]);
    expect(JSON.stringify(first?.blocks.filter((block) => block.kind === 'prose'))).toMatch(/Créalo.*Luego/);
    expect(solutionOf(first ?? fail(), undefined).map((block) => block.script)).toEqual(['one {{n}}', 'hidden', 'two']);
    expect(checksOf(first ?? fail(), undefined).map((check) => check.grader)).toEqual(['service', 'quiz', 'quiz']);
    expect(JSON.stringify(blocksOf(first ?? fail(), 'hint', undefined))).toContain('Mira.');
  });

  test('falls back to the original step by step', () => {
    expect(read().steps[1]).toEqual(original().steps[1]);
  });

  test('asks and answers in its own words, which lead back to those of the original', () => {
    const lab = original();
    const items = blocksOf(read().steps[0] ?? fail(), 'quiz', undefined).flatMap((block) => block.items);
    expect(items[0]).toMatchObject({ ask: '¿Cuál?', options: ['rojo', 'azul'], right: ['azul'] });
    expect(toOriginal(lab, translation(), 'color', ['Azul'])).toEqual(['blue']);
    expect(toOriginal(lab, translation(), 'color', ['blue'])).toEqual(['blue']);
    expect(toOriginal(lab, translation(), 'word', ['gata'])).toEqual(['cat']);
    expect(toOriginal(lab, translation(), 'other', ['so'])).toEqual(['so']);
    expect(fromOriginal(lab, translation(), 'color', ['blue'])).toEqual(['azul']);
  });
});

describe('a translation is refused', () => {
  test.each([
    ['a step that the original does not have', SPANISH.replace('#first', '#frist'), 'no step `frist`'],
    ['other commands than the original’s', SPANISH.replace('\ntwo\n', '\ntow\n'), 'not what the original says'],
    ['commands left out', SPANISH.replace(fence('sh run=worker1', 'two'), ''), 'shows 1 blocks of commands'],
    ['checks of its own', SPANISH + fence('yaml check', '- service: web'), 'expected a mapping'],
    ['the title of no check', SPANISH.replace('It runs', 'It ran'), 'no check with the title `It ran {{n}}`'],
    ['an unknown question', SPANISH.replace('id: word', 'id: wrod'), 'no question `wrod`'],
    ['an option left out', SPANISH.replace('[rojo, azul]', '[rojo, azul, verde]'), 'there are 3 options'],
    ['an unknown name', SPANISH.replace('{{port}}', '{{prot}}'), 'nothing is called `prot`'],
    ['a front matter of its own', SPANISH.replace('title: Dos', 'minutes: 3'), 'there is no `minutes`'],
  ])('for %s, with its place', (_what, source, message) => {
    const [problem] = problemsOf(source);
    expect(problem).toMatch(/^two\.es\.md:\d+:\d+: error: /);
    expect(problem).toContain(message);
  });
});

describe('verdicts', () => {
  const reading = (translated: boolean) => ({
    step: original().steps[0] ?? fail(),
    variables: { n: 3 },
    translated: translated ? { ...(translation().steps.get('first') ?? fail()), language: 'es' } : undefined,
    inReading: (item: string, given: readonly string[]) =>
      translated ? fromOriginal(original(), translation(), item, given) : given,
  });
  const verdict = { outcome: 'pass', subject: 'service web', expected: 'e', observed: 'o' } as const;

  test('have the titles of the translation, and say in which language they are', () => {
    const titled = { ...verdict, title: 'It runs 3' };
    expect(translateVerdict(titled, reading(true))).toEqual({ ...titled, title: 'Corre 3', language: 'es' });
    expect(translateVerdict(titled, reading(false))).toEqual(titled);
    expect(translateVerdict(verdict, reading(true))).toEqual(verdict);
  });

  test('call a question by what it asks, and an answer as it was given', () => {
    const answered = { ...verdict, subject: 'question color', observed: 'answered blue' };
    expect(translateVerdict(answered, reading(false))).toEqual({ ...answered, title: 'Which?' });
    expect(translateVerdict(answered, reading(true))).toEqual({
      ...answered,
      title: '¿Cuál?',
      language: 'es',
      observed: 'answered azul',
    });
  });
});

test('what is left in the original’s language smells', () => {
  const bare = translation(SPANISH.replace(/```yaml check[^`]*```/, ''));
  expect(lintTranslation(original(), bare).map((problem) => problem.message)).toEqual([
    'the title `It runs {{n}}` of a check is not translated',
    'the step `second` is not translated',
  ]);
  expect(lintTranslation(original(), translation()).map((problem) => problem.message)).toEqual([
    'the step `second` is not translated',
  ]);
});

test('a translation is known by the name of its file', () => {
  expect(['a/b.es.md', 'b.pt-br.md', 'b.md', 'b.notes.txt'].map(languageOf)).toEqual([
    'es',
    'pt-br',
    undefined,
    undefined,
  ]);
});

test('a translation is found beside its lab, and loads as the lab that it translates', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'translated-'));
  writeFileSync(join(folder, 'two.md'), ORIGINAL);
  writeFileSync(join(folder, 'two.es.md'), SPANISH);
  writeFileSync(join(folder, 'two.de.md'), SPANISH.replace('#first', '#nowhere'));
  const lab = await loadLab(join(folder, 'two.es.md'));
  expect(basename(lab.file)).toBe('two.md');
  expect([...(await translationsOf(lab)).keys()]).toEqual(['es']);
  expect((await readLab(join(folder, 'two.de.md'))).lab).toBeUndefined();
  writeFileSync(join(folder, 'alone.es.md'), SPANISH);
  await expect(loadLab(join(folder, 'alone.es.md'))).rejects.toThrow('alone.md, which is not there');
});

const shipped = readdirSync(LABS_FOLDER).filter((file) => languageOf(file) !== undefined);
test.each(shipped)('%s translates every step, question and hint of its lab', async (file) => {
  const { original, parsed } = await readTranslation(join(LABS_FOLDER, file));
  expect(parsed.problems).toEqual([]);
  expect(original.lab && parsed.translation && lintTranslation(original.lab, parsed.translation)).toEqual([]);
});

function fail(): never {
  throw new Error('there is no such step');
}
