import { expect, test } from 'vitest';
import { ImagePuller } from '../../../server/agent/tasks/image-puller.ts';
import { LoneNode } from './lone-node.ts';

test('an image is pulled once for all that wait for it with the same login', async () => {
  const { engine } = new LoneNode();
  const pulls: [string, string | undefined][] = [];
  engine.pullImage = async (reference: string, options?: { auth?: string }) => {
    pulls.push([reference, options?.auth]);
  };
  const puller = new ImagePuller(engine, () => {});
  const { signal } = new AbortController();
  await Promise.all([
    puller.pull('web:1', { auth: undefined, signal }),
    puller.pull('web:1', { auth: undefined, signal }),
    puller.pull('web:1', { auth: 'e30=', signal }),
  ]);
  expect(pulls).toEqual([
    ['web:1', undefined],
    ['web:1', 'e30='],
  ]);
});
