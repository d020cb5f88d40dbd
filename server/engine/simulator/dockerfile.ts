import { EngineError } from '../engine.ts';

export interface Instruction {
  /** In upper case. */
  name: string;
  /** What stands after it. */
  text: string;
}

const KNOWN = new Set(
  'FROM RUN COPY ADD CMD ENTRYPOINT ENV ARG EXPOSE WORKDIR LABEL USER VOLUME STOPSIGNAL HEALTHCHECK MAINTAINER SHELL ONBUILD'.split(
    ' ',
  ),
);

/** The instructions of a Dockerfile: comments left out, lines that go on joined. Throws what the classic builder answers. */
export function parseDockerfile(text: string): Instruction[] {
  const lines = text
    .split('\n')
    .filter((line) => !/^\s*#/.test(line))
    .join('\n')
    .replace(/\\[ \t]*\n/g, '')
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');
  if (lines.length === 0) throw new EngineError(400, 'the Dockerfile (Dockerfile) cannot be empty');
  return lines.map((line, index) => {
    const [, word = '', rest = ''] = /^(\S+)\s*(.*)$/s.exec(line) ?? [];
    const name = word.toUpperCase();
    if (!KNOWN.has(name))
      throw new EngineError(400, `dockerfile parse error line ${index + 1}: unknown instruction: ${word}`);
    return { name, text: rest };
  });
}

/** `["a", "b"]` as it is, anything else as a shell's. */
export function commandWords(text: string): string[] {
  return execForm(text) ?? ['/bin/sh', '-c', text];
}

/** The words of `["a", "b"]`; undefined for the other way of writing. */
export function execForm(text: string): string[] | undefined {
  if (!text.startsWith('[')) return undefined;
  try {
    const parsed: unknown = JSON.parse(text);
    return Array.isArray(parsed) && parsed.every((word) => typeof word === 'string') ? parsed : undefined;
  } catch {
    return undefined;
  }
}

/** `A=1 B="two words"` or `A 1`, as ENV and LABEL take it. */
export function assignments(text: string): [name: string, value: string][] {
  if (!/^[^\s=]+=/.test(text)) {
    const [, name = '', value = ''] = /^(\S+)\s+(.*)$/s.exec(text) ?? [];
    return [[name, value]];
  }
  return [...text.matchAll(/([^\s=]+)=("(?:[^"\\]|\\.)*"|'[^']*'|\S*)/g)].map(([, name = '', value = '']) => [
    name.replace(/^["']|["']$/g, ''),
    value.replace(/^(["'])(.*)\1$/s, '$2').replace(/\\(.)/g, '$1'),
  ]);
}

/** `$NAME` and `${NAME}` filled in; names that mean nothing become nothing. */
export function substitute(text: string, values: Readonly<Record<string, string>>): string {
  return text.replace(
    /\$(?:\{(\w+)(?::-([^}]*))?\}|(\w+))/g,
    (_, braced, fallback, plain) => values[braced ?? plain] ?? fallback ?? '',
  );
}
