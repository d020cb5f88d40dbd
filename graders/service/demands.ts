import { type Aspect, compare } from '../aspect.ts';
import { type Count, describeCount, listed, matchesCount } from '../fields.ts';

type Pairs = Readonly<Record<string, string>>;

/** Collects what a check demands of a service, one aspect each and in order. What the check leaves out demands nothing. */
export class Demands {
  readonly aspects: Aspect[] = [];

  /** Adds aspects that were judged elsewhere. */
  add(...aspects: Aspect[]): void {
    this.aspects.push(...aspects);
  }

  /** The text found is this one, to the letter. */
  equal(what: string, expected: string | undefined, found: string): void {
    if (expected === undefined) return;
    this.add(compare(found === expected, `${what} ${expected}`, `${what} ${found || 'none'}`));
  }

  /** All of these are among what was found; there may be others. */
  contains(what: string, expected: readonly string[] | undefined, found: readonly string[]): void {
    if (expected === undefined) return;
    const holds = expected.every((item) => found.includes(item));
    this.add(compare(holds, `${what} ${listed(expected)}`, `${what} ${listed(found)}`));
  }

  /** The same for names with values. */
  containsPairs(what: string, expected: Pairs | undefined, found: Pairs): void {
    this.contains(what, expected && asPairs(expected), asPairs(found));
  }

  /** The number found fits; `undefined` fits nothing. `told` says in words what was found. */
  counted(
    expected: Count | undefined,
    found: number | undefined,
    inWords: (count: string) => string,
    told: string,
  ): void {
    if (expected === undefined) return;
    const holds = found !== undefined && matchesCount(expected, found);
    this.add(compare(holds, inWords(describeCount(expected)), told));
  }
}

/** `KEY=value`, as environments are written. */
export function asPairs(pairs: Pairs): string[] {
  return Object.entries(pairs).map(([key, value]) => `${key}=${value}`);
}
