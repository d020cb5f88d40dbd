import type { IDisposable, IParser } from '@xterm/xterm';

/** Control sequences by which programs ask the terminal something (ECMA-48 and DEC names). */
const QUESTIONS = [
  { final: 'c' },
  { prefix: '>', final: 'c' },
  { prefix: '=', final: 'c' },
  { final: 'n' },
  { prefix: '?', final: 'n' },
  { intermediates: '$', final: 'p' },
  { prefix: '?', intermediates: '$', final: 'p' },
  { prefix: '>', final: 'q' },
];

/** Colour numbers and the special colours; with `?` they are questions. */
const COLOUR_COMMANDS = [4, 10, 11, 12];

/**
 * Keeps this terminal from answering what programs ask. The screen on the node answers, once; answers from here would come once for each
 * page that is open, and again whenever old output is shown anew.
 */
export function silenceReplies(parser: IParser): IDisposable[] {
  return [
    ...QUESTIONS.map((id) => parser.registerCsiHandler(id, () => true)),
    ...COLOUR_COMMANDS.map((command) => parser.registerOscHandler(command, (data) => data.includes('?'))),
    parser.registerDcsHandler({ intermediates: '$', final: 'q' }, () => true),
  ];
}
