import headless from '@xterm/headless';
import type { IParser } from '@xterm/xterm';
import { expect, test } from 'vitest';
import { silenceReplies } from '../../../client/terminal/silence-replies.ts';

/** Everything that a terminal answers to `output`. */
async function repliesTo(output: string, silent: boolean): Promise<string> {
  const terminal = new headless.Terminal({ allowProposedApi: true });
  // The headless terminal's parser is the same as the page's; only its types are declared twice.
  if (silent) silenceReplies(terminal.parser as unknown as IParser);
  let replies = '';
  terminal.onData((reply) => {
    replies += reply;
  });
  await new Promise<void>((resolve) => terminal.write(output, resolve));
  terminal.dispose();
  return replies;
}

test.each([
  ['device attributes', '\x1b[c'],
  ['secondary device attributes', '\x1b[>c'],
  ['cursor position', '\x1b[6n'],
  ['status', '\x1b[5n'],
  ['extended cursor position', '\x1b[?6n'],
  ['a mode', '\x1b[4$p'],
  ['a private mode', '\x1b[?25$p'],
  ['a setting', '\x1bP$qm\x1b\\'],
])('%s: a terminal answers, ours keeps silent', async (_, question) => {
  expect(await repliesTo(question, false)).not.toBe('');
  expect(await repliesTo(question, true)).toBe('');
});
