import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { type ImportedLab, renderLab } from '../../../server/labs/import/imported-lab.ts';
import { readKillercoda } from '../../../server/labs/import/killercoda.ts';
import { readPlayWithDocker } from '../../../server/labs/import/play-with-docker.ts';
import { blocksOf, checksOf, type Lab, solutionOf } from '../../../server/labs/lab.ts';
import { formatProblem } from '../../../server/labs/lab-problem.ts';
import { parseLab } from '../../../server/labs/parse-lab.ts';

const FENCE = '```';

/** A folder with these files. */
function folderOf(files: Record<string, string>): string {
  const folder = mkdtempSync(join(tmpdir(), 'import-'));
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), text);
  }
  return folder;
}

function asLab(imported: ImportedLab): Lab {
  const { lab, problems } = parseLab(renderLab(imported), 'imported.md');
  if (lab === undefined) throw new Error(`${problems.map(formatProblem).join('\n')}\n${renderLab(imported)}`);
  return lab;
}

const remarksOf = ({ remarks }: ImportedLab) => remarks.map(({ where, what }) => `${where}: ${what}`).join('\n');

describe('a Killercoda scenario', () => {
  const folder = folderOf({
    'index.json': JSON.stringify({
      title: 'Scale: "five"',
      description: 'Scale a service.',
      details: {
        intro: { text: 'intro.md', background: 'setup.sh' },
        steps: [
          { title: 'Create', text: 'one/text.md', verify: 'one/verify.sh' },
          { title: 'Look', text: 'two.md', verify: 'lost.sh' },
        ],
        finish: { text: 'finish.md' },
        assets: { host01: [{ file: 'stack.yml', target: '/root' }] },
      },
      backend: { imageid: 'ubuntu' },
    }),
    'intro.md': '# Welcome\n\nA Swarm of one.\n',
    'setup.sh': '#!/bin/bash\ndocker swarm init\n',
    'one/text.md': `## First\n\nRun \`docker service create --name web nginx\`{{exec}} and copy \`web\`{{copy}}.\n\n${FENCE}\ndocker service ls\ndocker service ps web\n${FENCE}{{exec}}\n\n${FENCE}yaml\na: 1\n${FENCE}{{copy}}\n\n[Open]({{TRAFFIC_HOST1_8080}}) {{strange}}\n\n<details><summary>Solution</summary></details>\n`,
    'one/verify.sh': '#!/bin/bash\nsleep 3\ndocker service ls | grep web | grep 5/5\n',
    'two.md': '`docker node ls`{{exec interrupt}}\n',
    'finish.md': 'Done.\n',
  });

  test('becomes a lab with its text, run blocks, verify scripts as checks and set-up as a fault', async () => {
    const lab = asLab(await readKillercoda(folder));
    expect(lab).toMatchObject({ title: 'Scale: "five"', summary: 'Scale a service.' });
    expect(lab.steps.map((step) => step.id)).toEqual(['create', 'look', 'finish']);
    const [create, look] = lab.steps;
    if (create === undefined || look === undefined) throw new Error('steps are missing');
    expect(solutionOf(create, undefined).map((block) => block.script)).toEqual([
      'docker service create --name web nginx',
      'docker service ls\ndocker service ps web',
    ]);
    expect(solutionOf(look, undefined).map((block) => block.script)).toEqual(['docker node ls']);
    const [check] = checksOf(create, undefined);
    expect(check).toMatchObject({ grader: 'script', value: { on: 'master', user: 'root' } });
    expect(String(check?.value.script)).toBe('#!/bin/bash\nsleep 3\ndocker service ls | grep web | grep 5/5\n');
    expect(blocksOf(create, 'fault', undefined)[0]?.faults).toEqual([
      { run: '#!/bin/bash\ndocker swarm init\n', on: 'master' },
    ]);
    const prose = JSON.stringify(create.blocks.filter((block) => block.kind === 'prose'));
    expect(prose).toContain('http://master.docker-dca.example:8080');
    expect(prose).not.toMatch(/\{\{(exec|copy)/);
  });

  test('comes with a report of what has to be looked at', async () => {
    const remarks = remarksOf(await readKillercoda(folder));
    for (const expected of [
      'setup.sh: it makes or joins a Swarm',
      'setup.sh: it became a fault',
      'one/verify.sh: it sleeps',
      'one/verify.sh: it searches a table',
      'one/text.md:16: HTML is shown as the text that it is',
      'two.md:1: it interrupted what ran before',
      'lost.sh: it is not there',
      'index.json: it was written for the image ubuntu',
      'index.json: assets for host01',
    ])
      expect(remarks).toContain(expected);
  });

  test.each([
    ['not there', {}, 'cannot be read'],
    ['no JSON', { 'index.json': '{' }, 'describes no scenario'],
    ['something else', { 'index.json': '{"title": 3}' }, 'describes no scenario'],
  ])('whose index is %s is refused', async (_what, files, message) => {
    await expect(readKillercoda(folderOf(files))).rejects.toThrow(message);
  });
});

describe('a Play with Docker post', () => {
  const post = `---
layout: post
title: "Discovery"
terms: 2
---
Hello {% include logo.html %}

## Begin

${FENCE}.term1
docker swarm init --advertise-addr $(hostname -i)
${FENCE}

${FENCE}
Swarm initialized
${FENCE}

## Begin

${FENCE}.term2
docker ps
${FENCE}

Open [the page](/){:data-term=".term2"}{:data-port="8080"}.

{:.quiz}
Which is right?
- ( ) this
- (x) that

{:.quiz}
Which are?
- [x] one
- [ ] two
- [x] three

{:.quiz}
Nothing is.
- [ ] one
- [ ] two
`;
  const file = () => join(folderOf({ 'post.md': post }), 'post.md');

  test('becomes a lab with its terminals as nodes and its quizzes as questions', async () => {
    const lab = asLab(await readPlayWithDocker(file()));
    expect([lab.title, ...lab.steps.map((step) => step.id)]).toEqual(['Discovery', 'begin', 'begin-2']);
    const runs = lab.steps.flatMap((step) => solutionOf(step, undefined));
    expect(runs.map(({ node, script }) => `${node}: ${script}`)).toEqual([
      'master: docker swarm init --advertise-addr $(hostname -i)',
      'worker1: docker ps',
    ]);
    const items = lab.steps.flatMap((step) => blocksOf(step, 'quiz', undefined).flatMap((block) => block.items));
    expect(items.map(({ ask, right }) => [ask, right])).toEqual([
      ['Which is right?', ['that']],
      ['Which are?', ['one', 'three']],
    ]);
    expect(JSON.stringify(lab.steps)).toContain('http://worker1.docker-dca.example:8080');
  });

  test('comes with a report of what has to be looked at', async () => {
    const remarks = remarksOf(await readPlayWithDocker(file()));
    for (const expected of [
      'post.md:6: a Liquid tag was taken out',
      'it makes or joins a Swarm',
      'the link to port 8080 became one to a node',
      'a question without options or without a right one was left out',
      'nothing checks the step "Begin"',
    ])
      expect(remarks).toContain(expected);
  });

  test('without a title is refused', async () => {
    const folder = folderOf({ 'post.md': 'Just text.\n' });
    await expect(readPlayWithDocker(join(folder, 'post.md'))).rejects.toThrow('its front matter has no title');
  });
});
