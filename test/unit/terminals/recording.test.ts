import { expect, test } from 'vitest';
import { VirtualClock } from '../../../server/clock/virtual-clock.ts';
import { Recording } from '../../../server/terminals/recording.ts';

test('a session is written as asciicast, with characters whole and times in seconds', async () => {
  const clock = new VirtualClock(Date.UTC(2026, 0, 1));
  const lines: string[] = [];
  const recording = new Recording({ columns: 80, rows: 24 }, clock, (line) => lines.push(line));
  const euro = Buffer.from('€');
  recording.output(euro.subarray(0, 1));
  await clock.advance(1500);
  recording.output(euro.subarray(1));
  recording.resize({ columns: 100, rows: 30 });
  recording.close();
  recording.output(Buffer.from('unheard'));
  expect(lines.every((line) => line.endsWith('\n'))).toBe(true);
  expect(lines.map((line) => JSON.parse(line))).toEqual([
    { version: 2, width: 80, height: 24, timestamp: Date.UTC(2026, 0, 1) / 1000 },
    [1.5, 'o', '€'],
    [1.5, 'r', '100x30'],
  ]);
});
