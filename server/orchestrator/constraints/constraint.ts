import { BlockList, isIP } from 'node:net';
import type { Node } from '../model/objects.ts';
import type { Placement } from '../model/specs.ts';

/** One placement constraint: `key==value` or `key!=value`, taken apart. */
export interface Constraint {
  readonly key: string;
  readonly operator: '==' | '!=';
  readonly value: string;
}

/** An expression that breaks the constraint language; the message is what Docker shows. */
export class ConstraintSyntaxError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'ConstraintSyntaxError';
  }
}

const KEY = /^[a-z_][a-z0-9\-_.]+$/i;
const VALUE = /^[a-z0-9:\-_\s.*()?+[\]\\^$|/]+$/i;
const OPERATORS = ['==', '!='] as const;

/** Takes expressions apart as Swarm does (`==` is looked for first); throws ConstraintSyntaxError for the first wrong one. */
export function parseConstraints(expressions: readonly string[]): Constraint[] {
  return expressions.map(parseConstraint);
}

function parseConstraint(expression: string): Constraint {
  for (const operator of OPERATORS) {
    const at = expression.indexOf(operator);
    if (at < 0) continue;
    const key = expression.slice(0, at).trim();
    if (!KEY.test(key)) throw new ConstraintSyntaxError(`key '${key}' is invalid`);
    const value = expression.slice(at + operator.length).trim();
    if (!VALUE.test(value)) throw new ConstraintSyntaxError(`value '${value}' is invalid`);
    return { key, operator, value };
  }
  throw new ConstraintSyntaxError('constraint expected one operator from ==, !=');
}

const parsed = new WeakMap<readonly string[], readonly Constraint[]>();
const NONE: readonly Constraint[] = [];

/**
 * The constraints of a placement, taken apart once. The control API refuses what cannot be parsed, so expressions that are wrong all
 * the same (in a store written by something else) count as absent.
 */
export function constraintsOf(placement: Placement | undefined): readonly Constraint[] {
  const expressions = placement?.Constraints;
  if (expressions === undefined || expressions.length === 0) return NONE;
  let constraints = parsed.get(expressions);
  if (constraints === undefined) {
    try {
      constraints = parseConstraints(expressions);
    } catch {
      constraints = NONE;
    }
    parsed.set(expressions, constraints);
  }
  return constraints;
}

/** Whether the node meets all constraints. A key that Swarm does not know is met by no node. */
export function nodeMatches(constraints: readonly Constraint[], node: Node): boolean {
  for (const constraint of constraints) if (!matches(constraint, node)) return false;
  return true;
}

function matches(constraint: Constraint, node: Node): boolean {
  const key = constraint.key.toLowerCase();
  switch (key) {
    case 'node.id':
      return compare(constraint, node.ID);
    case 'node.hostname':
      return compare(constraint, node.Description?.Hostname ?? '');
    case 'node.ip':
      return matchesAddress(constraint, node.Status.Addr);
    case 'node.role':
      return compare(constraint, node.role);
    case 'node.platform.os':
      return compare(constraint, node.Description?.Platform.OS ?? '');
    case 'node.platform.arch':
      return compare(constraint, node.Description?.Platform.Architecture ?? '');
  }
  const label = labelOf(constraint.key, node);
  return label !== undefined && compare(constraint, label);
}

const LABEL_PREFIXES = ['node.labels.', 'engine.labels.'] as const;

/**
 * What a node has under `node.labels.KEY` or `engine.labels.KEY` (the prefix in any case, the label's key in its own): the empty
 * string when it lacks the label, undefined when `key` names no label.
 */
export function labelOf(key: string, node: Node): string | undefined {
  for (const prefix of LABEL_PREFIXES) {
    if (key.length <= prefix.length || key.slice(0, prefix.length).toLowerCase() !== prefix) continue;
    const labels = prefix === 'node.labels.' ? node.Spec.Labels : node.Description?.Engine.Labels;
    return labels?.[key.slice(prefix.length)] ?? '';
  }
  return undefined;
}

/** Full equality without regard to case; there are no patterns. */
function compare({ operator, value }: Constraint, actual: string): boolean {
  return (value === actual || value.toLowerCase() === actual.toLowerCase()) === (operator === '==');
}

/** `value` is an address or a network in CIDR notation; anything else is met by no node, whichever the operator. */
function matchesAddress({ operator, value }: Constraint, address: string): boolean {
  const [network = '', prefix, ...rest] = value.split('/');
  const version = isIP(network);
  if (version === 0 || rest.length > 0) return false;
  const bits = version === 4 ? 32 : 128;
  const length = prefix === undefined ? bits : Number(prefix);
  if (!/^\d+$/.test(prefix ?? '0') || length > bits) return false;
  const list = new BlockList();
  const family = version === 4 ? 'ipv4' : 'ipv6';
  list.addSubnet(network, length, family);
  const inside = isIP(address) === version && list.check(address, family);
  return inside === (operator === '==');
}
