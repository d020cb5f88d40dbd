import headless from '@xterm/headless';
import { expect, test } from 'vitest';
import { RealClock } from '../../../server/clock/real-clock.ts';
import { settle, VirtualClock } from '../../../server/clock/virtual-clock.ts';
import { RING_BYTES } from '../../../server/terminals/output-stream.ts';
import { Terminal } from '../../../server/terminals/terminal.ts';
import { CollectingViewer } from './collecting-viewer.ts';
import { FakePty } from './fake-pty.ts';

const size = { columns: 80, rows: 24 };

function makeTerminal(clock = new VirtualClock()) {
  const pty = new FakePty();
  return { pty, clock, terminal: new Terminal({ id: 'one', pty, size, clock }) };
}

/** Waits until xterm, which parses in the machine's own time, has caught up. */
async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setTimeout(resolve, 1));
}

function line(number: number): string {
  return `line ${String(number).padStart(8, '0')}\r\n`;
}

function screenText(terminal: InstanceType<typeof headless.Terminal>): string[] {
  const buffer = terminal.buffer.active;
  return Array.from({ length: buffer.length }, (_, row) => buffer.getLine(row)?.translateToString(true) ?? '');
}

async function rendered(...chunks: (string | Uint8Array)[]): Promise<string[]> {
  const terminal = new headless.Terminal({ cols: 80, rows: 24, scrollback: 1000, allowProposedApi: true });
  for (const chunk of chunks) await new Promise<void>((resolve) => terminal.write(chunk, resolve));
  return screenText(terminal);
}

test('a viewer gets what was put out before it came and what comes after', async () => {
  const { pty, terminal } = makeTerminal();
  pty.print('before ');
  const viewer = new CollectingViewer(terminal);
  pty.print('after');
  expect(viewer.text).toBe('before after');
  expect(viewer.messages).toEqual([{ type: 'hello', sequence: 7, cols: 80, rows: 24 }]);
});

test('a viewer that comes back goes on from the byte where it left, in the middle of a character too', () => {
  const { pty, terminal } = makeTerminal();
  const bytes = Buffer.from('más €uros 🐳 ñandú');
  let from = 0;
  const seen: Buffer[] = [];
  for (const [index, byte] of bytes.entries()) {
    const viewer = new CollectingViewer(terminal, { from });
    pty.print(Uint8Array.of(byte));
    from = viewer.leave();
    seen.push(viewer.bytes);
    expect(from).toBe(index + 1);
  }
  expect(Buffer.concat(seen).toString()).toBe('más €uros 🐳 ñandú');
});

test('several viewers see the same stream, each from its own place', () => {
  const { pty, terminal } = makeTerminal();
  const first = new CollectingViewer(terminal);
  pty.print('0123456789');
  const second = new CollectingViewer(terminal, { from: 5 });
  pty.print('abc');
  expect(first.text).toBe('0123456789abc');
  expect(second.text).toBe('56789abc');
});

test('exactly the ring is given as bytes, one byte more as the screen with the number of bytes skipped', async () => {
  const { pty, terminal } = makeTerminal();
  const chunk = Buffer.alloc(RING_BYTES / 4, 'x');
  for (let times = 0; times < 4; times++) pty.print(chunk);
  const whole = new CollectingViewer(terminal);
  await until(() => whole.received === RING_BYTES);
  expect(whole.skipped).toBeUndefined();
  expect(whole.bytes.length).toBe(RING_BYTES);
  whole.leave();

  pty.print('y');
  const late = new CollectingViewer(terminal);
  await until(() => late.skipped !== undefined);
  expect(late.skipped).toMatchObject({ bytes: RING_BYTES + 1, sequence: RING_BYTES + 1 });
});

test('a restored screen looks like the one that saw everything, and the stream goes on from it', async () => {
  const { pty, terminal } = makeTerminal();
  let output = '';
  for (let number = 0; output.length < RING_BYTES + 100_000; number++) output += line(number);
  output += '\x1b[31mred €';
  // Cut inside the euro sign, so that the screen is taken while a character is unfinished.
  const bytes = Buffer.from(output);
  pty.print(bytes.subarray(0, -1));
  const late = new CollectingViewer(terminal);
  await until(() => late.skipped !== undefined);
  pty.print(bytes.subarray(-1));
  pty.print(' done\r\n');
  const skipped = late.skipped;
  expect(skipped?.bytes).toBe(bytes.length - 3);
  expect(late.text).toBe('€ done\r\n');
  const restored = await rendered(skipped?.type === 'skipped' ? skipped.screen : '', late.bytes);
  const original = await rendered(bytes, ' done\r\n');
  expect(restored).toEqual(original.slice(-restored.length));
  expect(restored.length).toBe(1000 + 24);
});

test('an escape sequence that never ends does not keep a late viewer from being served', async () => {
  const { pty, terminal } = makeTerminal();
  pty.print('\x1b]0;');
  for (let times = 0; times < 5; times++) pty.print(Buffer.alloc(RING_BYTES / 4, 'x'));
  const late = new CollectingViewer(terminal);
  await until(() => late.skipped !== undefined);
  expect(late.received).toBe(terminal.sequence);
});

test('the PTY waits for a slow viewer and reads on when it has caught up', async () => {
  const { pty, terminal } = makeTerminal(new VirtualClock());
  const viewer = new CollectingViewer(terminal, { slow: true });
  pty.print(Buffer.alloc(256 * 1024, 'x'));
  await until(() => !pty.paused);
  pty.print('x');
  expect(pty.paused).toBe(true);
  await settle();
  expect(pty.paused).toBe(true);
  viewer.acknowledge();
  await until(() => !pty.paused);
  expect(viewer.received).toBe(256 * 1024 + 1);
});

test('a viewer that has stopped acknowledging holds nobody up for longer than ten seconds', async () => {
  const { pty, terminal, clock } = makeTerminal();
  const quick = new CollectingViewer(terminal);
  const stuck = new CollectingViewer(terminal, { slow: true });
  pty.print(Buffer.alloc(300 * 1024, 'x'));
  await until(() => quick.received === 300 * 1024);
  expect(pty.paused).toBe(true);
  await clock.advance(10_000);
  await until(() => !pty.paused);
  pty.print(Buffer.alloc(300 * 1024, 'y'));
  await until(() => !pty.paused);
  await until(() => quick.received === 600 * 1024);

  stuck.slow = false;
  stuck.acknowledge();
  await until(() => stuck.received === 600 * 1024);
  expect(stuck.bytes.equals(quick.bytes)).toBe(true);
});

test('a viewer that leaves is not waited for', async () => {
  const { pty, terminal } = makeTerminal();
  const viewer = new CollectingViewer(terminal, { slow: true });
  pty.print(Buffer.alloc(300 * 1024, 'x'));
  expect(pty.paused).toBe(true);
  viewer.leave();
  await until(() => !pty.paused);
  expect(terminal.viewers).toBe(0);
});

test('what a program asks the terminal is answered once, with viewers or without', async () => {
  const { pty, terminal } = makeTerminal();
  new CollectingViewer(terminal);
  new CollectingViewer(terminal);
  pty.print('ab\x1b[6n');
  await until(() => pty.written !== '');
  expect(pty.written).toBe('\x1b[1;3R');
});

test('a new size reaches the process and every viewer, the same size again nobody', () => {
  const { pty, terminal } = makeTerminal();
  const viewer = new CollectingViewer(terminal);
  terminal.resize({ columns: 100, rows: 30 });
  terminal.resize({ columns: 100, rows: 30 });
  expect(pty.size).toEqual({ columns: 100, rows: 30 });
  expect(viewer.messages.slice(1)).toEqual([{ type: 'size', cols: 100, rows: 30 }]);
});

test('the exit status comes after the last byte, to viewers that come later as well', async () => {
  const { pty, terminal } = makeTerminal();
  const early = new CollectingViewer(terminal);
  pty.print('logout\r\n');
  pty.exit(3);
  const late = new CollectingViewer(terminal);
  for (const viewer of [early, late]) {
    expect(viewer.text).toBe('logout\r\n');
    expect(viewer.messages.at(-1)).toEqual({ type: 'exit', code: 3 });
  }
  terminal.input(Buffer.from('typed into nothing'));
  expect(pty.written).toBe('');
});

test('nothing is lost or doubled over a hundred disconnects in the middle of the stream', async () => {
  const { pty, terminal } = makeTerminal(new VirtualClock(new RealClock().now()));
  let sent = '';
  let number = 0;
  let from = 0;
  const seen: Buffer[] = [];
  for (let times = 0; times < 100; times++) {
    const viewer = new CollectingViewer(terminal, { from });
    for (let lines = 0; lines < 50; lines++) {
      const output = line(number++);
      sent += output;
      pty.print(output);
    }
    await settle();
    from = viewer.leave();
    seen.push(viewer.bytes);
    const unseen = line(number++);
    sent += unseen;
    pty.print(unseen);
  }
  const last = new CollectingViewer(terminal, { from });
  seen.push(last.bytes);
  expect(Buffer.concat(seen).toString()).toBe(sent);
});
