import { expect, it } from 'vitest';
import { Limiter } from '../../../server/agent/tasks/limiter.ts';

const never = new AbortController().signal;

/** Work that goes on until it is told to end. */
function work(name: string, began: string[]) {
  let end = () => {};
  const ended = new Promise<void>((resolve) => {
    end = resolve;
  });
  return {
    end,
    run: async () => {
      began.push(name);
      await ended;
    },
  };
}

const turns = () => new Promise((resolve) => setImmediate(resolve));

it('runs so many at a time, in the order they came, urgent ones first', async () => {
  const began: string[] = [];
  const limiter = new Limiter(2);
  const [a, b, c, d] = [work('a', began), work('b', began), work('c', began), work('d', began)];
  const all = [
    limiter.run('later', never, a.run),
    limiter.run('later', never, b.run),
    limiter.run('later', never, c.run),
    limiter.run('soon', never, d.run),
  ];
  await turns();
  expect(began).toEqual(['a', 'b']);
  a.end();
  await turns();
  expect(began).toEqual(['a', 'b', 'd']);
  for (const each of [b, c, d]) each.end();
  await Promise.all(all);
  expect(began).toEqual(['a', 'b', 'd', 'c']);
});

it('lets who waits go away, and goes on after a failure', async () => {
  const began: string[] = [];
  const limiter = new Limiter(1);
  const first = work('first', began);
  const leaving = new AbortController();
  const running = limiter.run('later', never, first.run);
  const left = limiter.run('later', leaving.signal, work('left', began).run);
  const failing = limiter.run('later', never, () => Promise.reject(new Error('no')));
  leaving.abort(new Error('not wanted any more'));
  await expect(left).rejects.toThrow('not wanted any more');
  first.end();
  await running;
  await expect(failing).rejects.toThrow('no');
  await limiter.run('soon', never, async () => {
    began.push('after');
  });
  expect(began).toEqual(['first', 'after']);
});
