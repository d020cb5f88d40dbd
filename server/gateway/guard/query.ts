import { decodeComponent } from '../http/path-pattern.ts';
import type { GuardContext, QueryRules } from './endpoints/endpoint.ts';
import { parseStrictJson } from './json/strict-json.ts';
import { Refusal, unclear } from './refusal.ts';

/**
 * Reads a query by the endpoint's rules and writes it anew. Names are compared exactly, as Go does; unknown ones are refused, and so
 * is one that comes twice where only one counts.
 */
export async function checkQuery(query: string, rules: QueryRules, context: GuardContext): Promise<string> {
  const seen = new Set<string>();
  const written: string[] = [];
  for (const [name, value] of readPairs(query)) {
    const rule = Object.hasOwn(rules, name) ? rules[name] : undefined;
    if (rule === undefined) throw unclear(`the query parameter "${name}" is not known here`);
    if (seen.has(name) && rule !== 'list') throw unclear(`the query parameter "${name}" is there twice`);
    seen.add(name);
    const checked =
      typeof rule === 'function' ? await rule(value, context) : rule === 'json' ? rewriteJson(name, value) : value;
    written.push(`${encodeURIComponent(name)}=${encodeURIComponent(checked)}`);
  }
  return written.join('&');
}

function readPairs(query: string): [string, string][] {
  if (query === '') return [];
  if (query.includes(';')) throw new Refusal(400, 'invalid semicolon separator in query');
  return query
    .split('&')
    .filter((pair) => pair !== '')
    .map((pair) => {
      const at = pair.indexOf('=');
      const [name, value] = at < 0 ? [pair, ''] : [pair.slice(0, at), pair.slice(at + 1)];
      return [decode(name), decode(value)];
    });
}

function decode(text: string): string {
  const decoded = decodeComponent(text.replaceAll('+', ' '));
  if (decoded === undefined) throw new Refusal(400, `invalid URL escape in "${text}"`);
  return decoded;
}

function rewriteJson(name: string, value: string): string {
  if (value === '') return '';
  try {
    return JSON.stringify(parseStrictJson(Buffer.from(value)));
  } catch (error) {
    // dockerd does not say what is wrong with a filter.
    if (name === 'filters' && error instanceof Refusal && !error.message.startsWith('swarmlab:'))
      throw new Refusal(400, 'invalid filter');
    throw error;
  }
}
