import { ControlError } from './control-error.ts';

/** `version=` of an update of that kind of object. Throws 400 in the words of Go's number parser. */
export function parseVersion(kind: string, text: string | undefined): number {
  const problem = uint64Problem(text ?? '');
  if (problem !== undefined) throw new ControlError(400, `invalid ${kind} version '${text ?? ''}': ${problem}`);
  return Number(text);
}

function uint64Problem(text: string): string | undefined {
  const parsing = `strconv.ParseUint: parsing ${JSON.stringify(text)}`;
  if (!/^\d+$/.test(text)) return `${parsing}: invalid syntax`;
  return BigInt(text) >= 2n ** 64n ? `${parsing}: value out of range` : undefined;
}
