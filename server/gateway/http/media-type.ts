/** A character of a token as RFC 2045 has it. */
const TOKEN = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]*/;

/**
 * What is wrong with a Content-Type header, in the words of Go's mime package; undefined when it can be read. Parameters are looked at
 * no closer than that they are some.
 */
export function mediaTypeProblem(header: string): string | undefined {
  const [base = '', ...parameters] = header.split(';');
  const type = base.trim().toLowerCase();
  const main = TOKEN.exec(type)?.[0] ?? '';
  if (main === '') return 'mime: no media type';
  const rest = type.slice(main.length);
  if (rest === '') return undefined;
  if (!rest.startsWith('/')) return 'mime: expected slash after first token';
  const sub = TOKEN.exec(rest.slice(1))?.[0] ?? '';
  if (sub === '') return 'mime: expected token after slash';
  if (rest.length > sub.length + 1) return 'mime: unexpected content after media subtype';
  const last = parameters.at(-1)?.trim() === '' ? parameters.slice(0, -1) : parameters;
  const isParameter = (text: string) =>
    /^\s*[^\s"(),/:;<=>?@[\\\]]+=(?:"[^"]*"|[^\s"(),/:;<=>?@[\\\]]+)\s*$/.test(text);
  return last.every(isParameter) ? undefined : 'mime: invalid media parameter';
}

/** The type without its parameters. */
export function mediaTypeOf(header: string): string {
  return (header.split(';')[0] ?? '').trim().toLowerCase();
}
