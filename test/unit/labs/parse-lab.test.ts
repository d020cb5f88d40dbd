import { describe, expect, test } from 'vitest';
import { blocksOf, checksOf, solutionOf } from '../../../server/labs/lab.ts';
import { formatProblem } from '../../../server/labs/lab-problem.ts';
import { parseLab } from '../../../server/labs/parse-lab.ts';

const FRONT = `---
title: Publishing
summary: A port for everyone.
minutes: 10
domain: networking
vars:
  image: nginx
  replicas: { pick: [3, 3] }
variants:
  few: { summary: Two nodes have images., cluster: { images-on: [worker2] } }
---
`;

const GOOD = `${FRONT}
Welcome.

## Publish a port {#publish points=3}

Give \`web\` port 80. Docker's own \`{{.Name}}\` and \`{{json .Spec}}\` stay.

\`\`\`sh run=master
docker service create --name web --publish 80 --replicas {{replicas}} {{image}}
\`\`\`

\`\`\`sh solution=worker1 for=5s variant=few
docker ps
\`\`\`

\`\`\`yaml check
- service: web
  running: "{{replicas}}"
  published: { target: 80, between: [30000, 32767], as: port }
- service: web
  published: { target: 80, published: "{{port}}" }
  within: 1m30s
\`\`\`

\`\`\`sh wrong=master because="no port"
docker service create --name web {{image}}
\`\`\`

\`\`\`md hint
Look at \`--publish\`.
\`\`\`
`;

function problemsOf(source: string): string[] {
  return parseLab(source, 'x.md').problems.map(formatProblem);
}

describe('a lab file', () => {
  test('gives steps with their blocks in order', () => {
    const { lab, problems } = parseLab(GOOD, 'labs/publishing.md');
    expect(problems.map(formatProblem)).toEqual([]);
    expect(lab).toMatchObject({ name: 'publishing', title: 'Publishing', domain: 'networking' });
    const [step] = lab?.steps ?? [];
    if (step === undefined) throw new Error('no step');
    expect(step).toMatchObject({ id: 'publish', title: 'Publish a port', points: 3 });
    expect(step.blocks.map((block) => block.kind)).toEqual(['prose', 'shell', 'shell', 'checks', 'shell', 'hint']);
    expect(solutionOf(step, undefined).map((block) => block.node)).toEqual(['master']);
    expect(solutionOf(step, 'few').map((block) => block.node)).toEqual(['master', 'worker1']);
    expect(solutionOf(step, 'few')[1]?.ends).toEqual({ after: 5000 });
    expect(checksOf(step, undefined)).toHaveLength(2);
    expect(blocksOf(step, 'shell', undefined).find((block) => block.role === 'wrong')?.because).toBe('no port');
  });

  test('has its mistakes told all at once, each at its place with what was expected', () => {
    const bad = GOOD.replace('running: "{{replicas}}"', 'runing: 3')
      .replace('run=master', 'run=mastre')
      .replace('{{image}}\n```\n\n```md', '{{imgae}}\n```\n\n```md')
      .replace('yaml check', 'yaml chekc')
      .replace('points=3', 'point=3');
    expect(problemsOf(bad)).toMatchInlineSnapshot(`
      [
        "x.md:15:29: error: a step has no \`point\`; expected \`points\` (one of points, domain) [heading]",
        "x.md:19:7: error: the cluster has no node \`mastre\`; expected \`master\` (one of master, worker1, worker2, registry) [unknown-node]",
        "x.md:27:9: error: there is no \`yaml chekc\`; expected \`check\` (one of check, quiz, fault) [info-string]",
        "x.md:37:34: error: nothing is called \`imgae\` here; expected a variable, or a name that an earlier check binds with \`as\`: \`image\` (one of image, replicas) [unknown-name]",
      ]
    `);
  });

  test('has the mistakes inside checks told at the key or value that is wrong', () => {
    const bad = GOOD.replace('running: "{{replicas}}"', 'runing: 3')
      .replace('between: [30000, 32767]', 'betwen: [30000, 32767], mode: hosst')
      .replace('within: 1m30s', 'within: soon')
      .replace('- service: web\n  published: { target: 80, pub', '- servce: web\n  published: { target: 80, pub');
    expect(problemsOf(bad)).toMatchInlineSnapshot(`
      [
        "x.md:29:3: error: there is no \`runing\`, did you mean \`running\`?; expected \`running\` [check]",
        "x.md:30:28: error: \`published\`: there is no \`betwen\`, did you mean \`between\`?; expected \`between\` (one of target, published, between, not, after, mode, protocol, as) [check]",
        "x.md:30:58: error: \`published.mode\`: found \`hosst\`; expected \`host\` (one of ingress, host) [check]",
        "x.md:31:3: error: no grader is called \`servce\`; expected the grader's name first: \`service\` [check]",
      ]
    `);
  });

  test('has the mistakes of its front matter told', () => {
    expect(
      problemsOf(GOOD.replace('minutes: 10', 'minuets: 10').replace('networking', 'network')),
    ).toMatchInlineSnapshot(`
      [
        "x.md:2:1: error: \`minutes\`: missing; expected a number [front-matter]",
        "x.md:4:1: error: there is no \`minuets\`, did you mean \`minutes\`?; expected \`minutes\` [front-matter]",
        "x.md:5:9: error: \`domain\`: found \`network\`; expected one of orchestration, images, installation, networking, security, storage [front-matter]",
      ]
    `);
    expect(problemsOf('# Only a title')).toMatchInlineSnapshot(`
      [
        "x.md:1:1: error: there is no front matter; expected \`---\`, then title, summary, minutes, domain, then \`---\` [front-matter]",
      ]
    `);
    expect(problemsOf(FRONT)).toMatchInlineSnapshot(`
      [
        "x.md:1:1: error: the lab has no steps; expected a heading \`## Title {#id points=1}\` for each step [no-steps]",
      ]
    `);
    expect(problemsOf(GOOD.replace('vars:\n', 'vars: [\n'))).toMatchInlineSnapshot(`
      [
        "x.md:7:10: error: front matter: Implicit keys need to be on a single line [yaml]",
        "x.md:7:10: error: front matter: Block collections are not allowed within flow collections [yaml]",
        "x.md:9:1: error: front matter: Flow sequence in block collection must be sufficiently indented and end with a ] [yaml]",
      ]
    `);
  });

  test('may not hide live blocks where nobody would look for them', () => {
    const nested = `${FRONT}\n## Step {#step}\n\n- item\n\n  \`\`\`yaml check\n  - service: web\n  \`\`\`\n`;
    expect(problemsOf(nested)).toMatchInlineSnapshot(`
      [
        "x.md:17:3: error: a live block stands inside a list or a quote; expected live blocks at the left margin [nested]",
      ]
    `);
  });

  test('knows a bound name only after the check that binds it', () => {
    const early = GOOD.replace('Give `web` port 80.', 'Give `web` port {{port}}.');
    expect(problemsOf(early)).toMatchInlineSnapshot(`
      [
        "x.md:17:17: error: nothing is called \`port\` here; expected a variable, or a name that an earlier check binds with \`as\`: one of image, replicas [unknown-name]",
      ]
    `);
  });
});
