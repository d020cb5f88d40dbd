import type { Heading, PhrasingContent } from 'mdast';
import { DOMAINS, type Domain } from './front-matter.ts';
import { type InfoAttribute, parseInfoString } from './info-string.ts';
import { type ParseContext, startOf } from './parse-context.ts';
import { describeChoices } from './suggestion.ts';

const ATTRIBUTES = ['points', 'domain'];

export interface StepHeading {
  id: string;
  title: string;
  points: number;
  /** The exam's domain; undefined where the heading does not say. */
  domain: Domain | undefined;
}

/** Reads `## Title {#id points=2 domain=storage}`. Without an ID the title gives one, without points a step is worth one. */
export function parseHeading(heading: Heading, context: ParseContext): StepHeading {
  const position = startOf(heading);
  const text = heading.children.map(plainText).join('');
  const match = /\s*\{#([^\s}]*)([^}]*)\}\s*$/.exec(text);
  if (match === null) {
    if (/\{(?!\{)[^}]*\}\s*$/.test(text))
      context.problems.error('heading', position, 'the braces do not begin with an ID', '`## Title {#id points=2}`');
    return { id: slug(text), title: text.trim(), points: 1, domain: undefined };
  }
  const [whole, id = '', rest = ''] = match;
  if (!/^[a-z][a-z0-9-]*$/.test(id))
    context.problems.error('heading', position, `\`${id}\` cannot be an ID`, 'small letters, digits and -');
  const info = parseInfoString(rest, {
    line: position.line,
    column: position.column + 3 + text.indexOf(whole) + whole.indexOf(rest),
  });
  for (const [name, { position: at }] of info.attributes)
    if (!ATTRIBUTES.includes(name))
      context.problems.error('heading', at, `a step has no \`${name}\``, describeChoices(name, ATTRIBUTES));
  const points = info.attributes.get('points');
  const number = points === undefined ? 1 : Number(points.value);
  if (points !== undefined && !(Number.isFinite(number) && number >= 0))
    context.problems.error('heading', points.position, `found \`${points.value}\``, 'a number of points, 0 or more');
  const domain = parseDomain(info.attributes.get('domain'), context);
  return { id, title: text.slice(0, match.index).trim(), points: number, domain };
}

function parseDomain(written: InfoAttribute | undefined, context: ParseContext): Domain | undefined {
  const domain = DOMAINS.find((each) => each === written?.value);
  if (written !== undefined && domain === undefined)
    context.problems.error(
      'heading',
      written.position,
      `there is no domain \`${written.value}\``,
      describeChoices(written.value, DOMAINS),
    );
  return domain;
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
