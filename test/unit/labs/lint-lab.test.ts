import { describe, expect, test } from 'vitest';
import { listLabs, loadLab } from '../../../server/labs/lab-library.ts';
import { imageIn } from '../../../server/labs/lint/image-smell.ts';
import { lintLab } from '../../../server/labs/lint/lint-lab.ts';
import { newLab } from '../../../server/labs/new-lab.ts';
import { parseLab } from '../../../server/labs/parse-lab.ts';

const FRONT = '---\ntitle: T\nsummary: S\nminutes: 1\ndomain: orchestration\n---\n\n';

/** The rules that a step with these blocks breaks. */
function smellsOf(step: string): string[] {
  const { lab, problems } = parseLab(`${FRONT}## Step {#step}\n\n${step}`, 'x.md');
  if (lab === undefined) throw new Error(JSON.stringify(problems));
  return lintLab(lab).map((problem) => problem.rule);
}

const block = (info: string, body: string) => `\`\`\`${info}\n${body}\n\`\`\`\n\n`;
const RUN = block('sh run=master', 'docker service create --name web nginx');
const CHECK = block('yaml check', '- service: web');
const WRONG = block('sh wrong=master because="no"', 'true');
const HINT = block('md hint', 'Try.');

describe('a lab smells', () => {
  test('of nothing when all is there', () => {
    expect(smellsOf(RUN + CHECK + WRONG + HINT)).toEqual([]);
  });

  test.each([
    ['no-checks', RUN],
    ['no-hint', RUN + CHECK + WRONG],
    ['no-wrong', RUN + CHECK + HINT],
    ['unreachable', CHECK + WRONG + HINT],
    ['late-fault', RUN + block('yaml fault', '- stop: worker1') + CHECK + WRONG + HINT],
    ['sleep', RUN + block('yaml check', '- script: sleep 3; docker info') + WRONG + HINT],
    ['table', RUN + block('yaml check', '- script: docker service ls | grep 5/5') + WRONG + HINT],
    ['unanchored', RUN + block('yaml check', '- container: "web*"') + WRONG + HINT],
    ['unanchored', RUN + block('yaml check', '- script: cat names | grep web') + WRONG + HINT],
    ['fresh-pass', RUN + block('yaml check', '- service: other\n  absent: true') + WRONG + HINT],
    ['fresh-pass', RUN + block('yaml check', '- node: worker1\n  role: worker\n  availability: active') + WRONG + HINT],
    ['fresh-pass', RUN + block('yaml check', '- swarm: quorum\n  managers: 1\n  task-history: 5') + WRONG + HINT],
    ['fresh-pass', RUN + block('yaml check', '- network: ingress\n  driver: overlay') + WRONG + HINT],
    ['fresh-pass', RUN + block('yaml check', '- image: nginx:1.26\n  on: worker1') + WRONG + HINT],
    [
      'missing-image',
      block('sh run=master', 'docker service create --name web -p 80 --detach httpd:2') + CHECK + WRONG + HINT,
    ],
  ])('of %s', (rule, step) => {
    expect(smellsOf(step)).toEqual([rule]);
  });

  test('of a variable that nothing uses', () => {
    const { lab } = parseLab(
      `${FRONT.replace('domain', 'vars: { n: 5 }\ndomain')}## Step\n\n${RUN}${CHECK}${WRONG}${HINT}`,
      'x.md',
    );
    expect(lab && lintLab(lab).map((problem) => problem.rule)).toEqual(['unused-variable']);
  });
});

test.each([
  ['docker service create --name web --publish 80 nginx', 'nginx'],
  ['docker run -d --rm -e A=b alpine:3.20 sh -c "echo x"', 'alpine:3.20'],
  ['docker service create -d --env="A B" \\\n  nginx:1.26', 'nginx:1.26'],
  ['docker service ls', undefined],
  ['echo docker', undefined],
])('the image in %s is %s', (command, image) => {
  expect(imageIn(command)).toBe(image);
});

test('a new lab has neither mistakes nor smells', () => {
  const text = newLab({ title: 'A "new" lab', summary: 'S: s', minutes: 5, domain: 'storage', service: 'shop' });
  const { lab, problems } = parseLab(text, 'new-lab.md');
  expect(problems).toEqual([]);
  expect(lab && lintLab(lab)).toEqual([]);
  expect(lab?.title).toBe('A "new" lab');
});

test.each(await listLabs())('the lab %s has neither mistakes nor smells', async (name) => {
  expect(lintLab(await loadLab(name))).toEqual([]);
});
