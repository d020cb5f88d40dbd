import type { SourcePosition } from './lab-problem.ts';

export interface InfoAttribute {
  value: string;
  position: SourcePosition;
}

/** What stands behind a fence's language: bare words (`check`) and attributes (`run=master`, `because="scaled web2 instead"`). */
export interface InfoString {
  words: { word: string; position: SourcePosition }[];
  attributes: Map<string, InfoAttribute>;
  /** Where something stands that is neither, such as a quote that is never closed. */
  unreadable: SourcePosition | undefined;
}

const TOKEN = /([\w-]+)(?:=(?:"([^"]*)"|([^\s"]+)))?(?=\s|$)/y;

/**
 * Reads `run=master for=5s because="..."`. `start` is the place of the first character of `text` in the file. Also reads a heading's
 * `{#id points=2}`, without its braces and the id.
 */
export function parseInfoString(text: string, start: SourcePosition): InfoString {
  const info: InfoString = { words: [], attributes: new Map(), unreadable: undefined };
  let at = 0;
  while (at < text.length) {
    if (/\s/.test(text[at] ?? '')) {
      at++;
      continue;
    }
    TOKEN.lastIndex = at;
    const match = TOKEN.exec(text);
    const position = { line: start.line, column: start.column + at };
    if (match === null) {
      info.unreadable = position;
      break;
    }
    const [written, name = '', quoted, bare] = match;
    const value = quoted ?? bare;
    if (value === undefined) info.words.push({ word: name, position });
    else info.attributes.set(name, { value, position });
    at += written.length;
  }
  return info;
}
