import type { Heading, PhrasingContent } from 'mdast';
import { parseInfoString } from './info-string.ts';
import { type ParseContext, startOf } from './parse-context.ts';
import { describeChoices } from './suggestion.ts';

export interface StepHeading {
  id: string;
  title: string;
  points: number;
}

/** Reads `## Title {#id points=2}`. Without an ID the title gives one, without points a step is worth one. */
export function parseHeading(heading: Heading, context: ParseContext): StepHeading {
  const position = startOf(heading);
  const text = heading.children.map(plainText).join('');
  const match = /\s*\{#([^\s}]*)([^}]*)\}\s*$/.exec(text);
  if (match === null) {
    if (/\{(?!\{)[^}]*\}\s*$/.test(text))
      context.problems.error('heading', position, 'the braces do not begin with an ID', '`## Title {#id points=2}`');
    return { id: slug(text), title: text.trim(), points: 1 };
  }
  const [whole, id = '', rest = ''] = match;
  if (!/^[a-z][a-z0-9-]*$/.test(id))
    context.problems.error('heading', position, `\`${id}\` cannot be an ID`, 'small letters, digits and -');
  const info = parseInfoString(rest, {
    line: position.line,
    column: position.column + 3 + text.indexOf(whole) + whole.indexOf(rest),
  });
  for (const [name, { position: at }] of info.attributes)
    if (name !== 'points')
      context.problems.error('heading', at, `a step has no \`${name}\``, describeChoices(name, ['points']));
  const points = info.attributes.get('points');
  const number = points === undefined ? 1 : Number(points.value);
  if (points !== undefined && !(Number.isFinite(number) && number >= 0))
    context.problems.error('heading', points.position, `found \`${points.value}\``, 'a number of points, 0 or more');
  return { id, title: text.slice(0, match.index).trim(), points: number };
}

function plainText(node: PhrasingContent): string {
  if ('value' in node) return node.value;
  return 'children' in node ? node.children.map(plainText).join('') : '';
}

function slug(title: string): string {
  const words = title
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '');
  return /^[a-z]/.test(words) ? words : `step-${words}`;
}
