import { parseAllDocuments } from 'yaml';

export interface YamlProblem {
  /** Where in the text, in characters. */
  from: number;
  to: number;
  severity: 'error' | 'warning';
  message: string;
}

/** What is wrong with a YAML text; docker would say it too, but only after the file was saved and used. */
export function yamlProblems(text: string): YamlProblem[] {
  const documents = parseAllDocuments(text, { prettyErrors: false });
  const problems = Array.isArray(documents)
    ? documents.flatMap(({ errors, warnings }) => [...errors, ...warnings])
    : [];
  return problems.map(({ name, message, pos: [from, to] }) => ({
    from: Math.min(from, text.length),
    to: Math.min(Math.max(from, to), text.length),
    severity: name === 'YAMLWarning' ? 'warning' : 'error',
    message,
  }));
}
