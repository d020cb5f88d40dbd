/** Text of the path's placeholders, decoded. */
export type PathParameters = Readonly<Record<string, string>>;

/** Matches a path such as `/services/web/update` as it is when decoded; undefined when it does not match or cannot be decoded. */
export type PathPattern = (path: string) => PathParameters | undefined;

/**
 * Compiles a pattern such as `/services/{id}/update`. `{id}` stands for one segment, which may hold an encoded slash no more than a
 * plain one, for Docker's router decodes the path before it looks at it; `{name*}` stands for one or more segments (names of images have slashes).
 */
export function compilePattern(pattern: string): PathPattern {
  const names: string[] = [];
  const source = pattern.replace(/\{(\w+)(\*?)\}/g, (_, name: string, many: string) => {
    names.push(name);
    return many === '' ? '([^/]+)' : '(.+?)';
  });
  const regexp = new RegExp(`^${source}$`);
  return (path) => {
    const decoded = decodeComponent(path);
    const match = decoded === undefined ? null : regexp.exec(decoded);
    return match === null ? undefined : Object.fromEntries(names.map((name, index) => [name, match[index + 1] ?? '']));
  };
}

/** Percent-decodes; undefined when that is not possible. */
export function decodeComponent(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}
