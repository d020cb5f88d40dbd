import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { compareHttp } from '../conformance/http/compare-http.ts';
import { Swarmlab } from '../support/swarmlab.ts';

const NAME = `h${randomBytes(3).toString('hex')}`;
const swarmlab = new Swarmlab();

beforeAll(() => swarmlab.print('cluster', 'up', NAME, '--nodes', 'dind'));
afterAll(() => swarmlab.dispose());

it('the Engine API answers every request as a real Swarm does', async () => {
  const nodes = join(swarmlab.state, 'clusters', NAME, 'nodes');
  const { compared, differences } = await compareHttp((machine) => join(nodes, machine, 'control.sock'));
  expect(differences).toEqual([]);
  expect(compared).toBeGreaterThan(1_500);
});
