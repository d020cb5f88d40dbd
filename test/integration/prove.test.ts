import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { Swarmlab } from '../support/swarmlab.ts';

/** Proving on embedded nodes in virtual time: whatever is tried for a step has to leave no trace. */

const head = (title: string) => `---
title: ${title}
summary: To be proved.
minutes: 5
domain: orchestration
---

# ${title}
`;

const GOOD = `${head('Good')}
## A file and a network {#files points=2}

\`\`\`sh run=master
echo one >file
docker network create --driver overlay shared
\`\`\`

\`\`\`yaml check
- script: grep -qx one file
  on: master
- network: shared
  driver: overlay
\`\`\`

\`\`\`sh wrong=master because="a network of this node, and another file"
echo two >file
docker network create shared
docker run -d --name left alpine sleep 1d
\`\`\`

## A service {#service points=2}

\`\`\`sh run=master
docker service create --name web --network shared --publish 8080:80 --replicas 2 nginx
\`\`\`

\`\`\`sh solution=master unchecked="rest changes nothing"
sleep 20
\`\`\`

\`\`\`yaml check
- service: web
  running: 2
  networks: shared
  published: { target: 80, published: 8080 }
- script: grep -qx one file
  on: master
  already: true
\`\`\`

\`\`\`sh wrong=master because="the file is gone"
rm file
docker service create --name web --network shared --publish 8080:80 --replicas 2 nginx
\`\`\`

## Two doors {#doors points=2}

\`\`\`sh run=master
curl -s http://master.docker-dca.example:8080
curl -s http://worker1.docker-dca.example:8080
\`\`\`

\`\`\`yaml check
- logs: web
  matches: '^(\\S+) .*"GET / .*"curl/'
  distinct: 2
\`\`\`

\`\`\`sh wrong=master because="one door twice"
curl -s http://master.docker-dca.example:8080
curl -s http://master.docker-dca.example:8080
\`\`\`
`;

const BAD = `${head('Bad')}
## Nothing to do {#nothing points=1}

\`\`\`sh run=master
docker service create --name web nginx
\`\`\`

\`\`\`yaml check
- service: web
  running: { min: 1 }
- script: "true"
  on: master
\`\`\`

\`\`\`sh wrong=master because="two are as good as one here"
docker service create --name web --replicas 2 nginx
\`\`\`
`;

const swarmlab = new Swarmlab();
const folder = mkdtempSync(join(tmpdir(), 'prove-'));
afterAll(async () => {
  await swarmlab.dispose();
  rmSync(folder, { recursive: true });
});

async function prove(name: string, text: string, ...options: string[]) {
  const file = join(folder, `${name}.md`);
  writeFileSync(file, text);
  return swarmlab.run(['prove', file, '--nodes', 'embedded', ...options]);
}

it('proves a lab that is right, whatever its wrong solutions leave behind', async () => {
  const { exitCode, stdout } = await prove('good', GOOD, '--repeat', '2');
  expect(stdout).toContain('3 wrong solutions refused; 12 of 14 mutants killed');
  expect(stdout).toContain('0 verdicts that changed between 2 runs');
  expect(stdout).toContain('survived: without `sleep 20`; rest changes nothing');
  expect(exitCode).toBe(0);
});

it('tells what is wrong with one that is not', async () => {
  const { exitCode, stdout } = await prove('bad', BAD, '--no-mutants');
  expect(exitCode).toBe(1);
  expect(stdout).toContain('passes before the step: script on master: exit code 0');
  expect(stdout).toContain('a wrong solution is not refused: two are as good as one here');
});
