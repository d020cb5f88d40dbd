/** Text of the path's placeholders, decoded. */
export type PathParameters = Readonly<Record<string, string>>;

/** Matches a path such as `/services/web/update`; undefined when it does not match or is not properly encoded. */
export type PathPattern = (path: string) => PathParameters | undefined;

/**
 * Compiles a pattern such as `/services/{id}/update`. `{id}` stands for one segment, which may hold an encoded slash no more than a
 * plain one; `{name*}` stands for one or more segments (names of images have slashes).
 */
export function compilePattern(pattern: string): PathPattern {
  const names: string[] = [];
  const source = pattern.replace(/\{(\w+)(\*?)\}/g, (_, name: string, many: string) => {
    names.push(name);
    return many === '' ? '([^/]+)' : '(.+?)';
  });
  const regexp = new RegExp(`^${source}$`);
  return (path) => {
    const match = regexp.exec(path);
    if (match === null) return undefined;
    const parameters: Record<string, string> = {};
    for (const [index, name] of names.entries()) {
      const decoded = decodeComponent(match[index + 1] ?? '');
      if (decoded === undefined) return undefined;
      parameters[name] = decoded;
    }
    return parameters;
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
