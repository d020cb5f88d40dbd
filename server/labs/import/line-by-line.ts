/** A piece of Markdown: a line of text, or a fenced block as a whole. */
export type MarkdownPiece =
  | { kind: 'line'; text: string; line: number }
  | { kind: 'fence'; info: string; body: string; after: string; line: number };

/** Takes Markdown apart into lines and fenced blocks; `after` is what stands behind the closing fence. */
export function* piecesOf(source: string): Generator<MarkdownPiece> {
  const lines = source.replace(/\r\n?/g, '\n').split('\n');
  for (let at = 0; at < lines.length; at++) {
    const text = lines[at] ?? '';
    const [, space = '', ticks, info = ''] = /^(\s*)(`{3,}|~{3,})([^`]*)$/.exec(text) ?? [];
    if (ticks === undefined) {
      yield { kind: 'line', text, line: at + 1 };
      continue;
    }
    const closes = new RegExp(`^\\s*${ticks[0]}{${ticks.length},}(.*)$`);
    const start = at + 1;
    for (at++; at < lines.length && !closes.test(lines[at] ?? ''); at++);
    const body = lines.slice(start, at).map((line) => (line.startsWith(space) ? line.slice(space.length) : line));
    const after = closes.exec(lines[at] ?? '')?.[1] ?? '';
    yield { kind: 'fence', info: info.trim(), body: body.join('\n'), after: after.trim(), line: start };
  }
}

/** A heading inside a step: `##` begins the next step, so what is above that goes below. */
export const lowerHeading = (line: string) => line.replace(/^(#{1,2})(?=\s)/, '###');
