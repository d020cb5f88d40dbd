import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { Swarmlab } from '../support/swarmlab.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const page = readFileSync(join(import.meta.dirname, '..', '..', 'docs', 'labs.md'), 'utf8');
const [, commands = ''] = /## From nothing to a proved lab\n+```sh\n([\s\S]*?)```/.exec(page) ?? [];
const swarmlab = new Swarmlab();
const folder = temporaryFolder('author-');

it('the commands on the authors’ page lead from nothing to a proved lab of two steps', async () => {
  const said: string[] = [];
  // Without an engine the nodes are embedded.
  const machine = { cwd: folder, env: { DOCKER_HOST: 'unix:///nowhere/docker.sock' } };
  for (const command of commands.trim().split('\n')) {
    const words = [...command.matchAll(/"([^"]*)"|(\S+)/g)].map(([, quoted, bare]) => quoted ?? bare ?? '');
    expect(words.slice(0, 2)).toEqual(['npx', 'swarmlab']);
    const { exitCode, stdout, stderr } = await swarmlab.run(words.slice(2), '', machine);
    expect(exitCode, `${command}\n${stdout}${stderr}`).toBe(0);
    said.push(stdout);
  }
  const [written, linted, graded, proved] = said;
  expect(written).toContain('my-lab.md is written');
  expect(linted).toBe('1 labs, 0 errors, 0 smells\n');
  expect(graded).toMatch(/4 of 4 points[\s\S]*Passed\./);
  expect(proved).toMatch(/my-lab: 2 wrong solutions refused; (\d+) of \1 mutants killed \(100 %\)/);
  expect(proved).toMatch(/my-lab is proved\.\n$/);
});
