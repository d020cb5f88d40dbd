import { describe, expect, it } from 'vitest';
import { compareProgress } from '../../parity/progress-reference.ts';
import { progressRows } from '../../parity/progress-rows.ts';

describe('the rows that the client draws while it waits', () => {
  it('are read out of what the terminal was sent, each text once', () => {
    const sent = [
      'x1y2z3\r\n',
      'overall progress: 0 out of 2 tasks\r\n1/2:  \r\n2/2:  \r\n',
      '\x1b[2A\x1b[2K\r1/2: preparing [====>  ] \r\x1b[2B',
      '\x1b[2A\x1b[2K\r1/2: running   [======>] \r\x1b[2B',
      '\x1b[2A\x1b[2K\r1/2: running   [======>] \r\x1b[2B',
      '\x1b[3A\x1b[2K\roverall progress: 1 out of 2 tasks \r\x1b[3B',
      'verify: Waiting 5 seconds to verify that tasks are stable... \r',
      'verify: Waiting 4 seconds to verify that tasks are stable... \r',
    ];
    expect(progressRows(sent.join(''))).toEqual([
      { id: 'overall progress', texts: ['0 out of 2 tasks', '1 out of 2 tasks'] },
      { id: '1/2', texts: ['', 'preparing', 'running'] },
      { id: '2/2', texts: [''] },
      { id: 'verify', texts: ['Waiting <n> seconds to verify that tasks are stable...'] },
    ]);
  });

  it('leave out what is chance: counts on the way and the ID of a service', () => {
    const sent = [0, 3, 4, 7].map((done) => `overall progress: ${done} out of 7 tasks\r`).join('');
    expect(progressRows(`${sent}verify: Service bjx734npjnkus8ehturk3e55q converged\r\n`)).toEqual([
      { id: 'overall progress', texts: ['0 out of 7 tasks', '<n> out of <n> tasks', '7 out of 7 tasks'] },
      { id: 'verify', texts: ['Service <id> converged'] },
    ]);
  });

  const row = (...texts: string[]) => [{ id: '1/1', texts }];
  const reference = {
    create: [row('', 'assigned', 'running'), row('preparing', 'running')],
    scale: [row('assigned', 'preparing', 'running')],
    update: [row('assigned', 'ready', 'running')],
  };
  const drawn = (...texts: string[]) => compareProgress(reference, 'create', row(...texts));

  it('may skip what it did not catch', () => {
    expect(drawn('', 'preparing', 'running')).toEqual([]);
  });

  it('may show what was caught in another command that replaces tasks as little or as much', () => {
    expect(drawn('', 'assigned', 'preparing', 'running')).toEqual([]);
    expect(drawn('', 'ready', 'running')).toEqual(['1/1: "ready" is never drawn']);
  });

  it('differ by a text that is never drawn, by the order, by the end and by their number', () => {
    expect(drawn('', 'begun', 'running')).toEqual(['1/1: "begun" is never drawn']);
    expect(drawn('preparing', 'assigned', 'running')).toEqual(['1/1: "assigned" never follows "preparing"']);
    expect(drawn('', 'assigned')).toEqual(['1/1 ends with "assigned"; real "running"']);
    expect(compareProgress(reference, 'create', [])).toEqual(['rows: real 1/1; ours ']);
  });
});
