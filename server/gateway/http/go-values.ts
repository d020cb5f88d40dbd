import { ControlError } from '../../orchestrator/api/control-error.ts';

/** How Docker's daemon reads query parameters and writes text, in Go's ways. */

/** A flag as the daemon's own helper reads it: anything but nothing, `0`, `no`, `false` and `none` is true. */
export function flag(value: string | null): boolean {
  return !['', '0', 'no', 'false', 'none'].includes((value ?? '').trim().toLowerCase());
}

/** Go's strconv.ParseBool: undefined for what it refuses. */
export function parseBool(value: string): boolean | undefined {
  if (['1', 't', 'T', 'TRUE', 'true', 'True'].includes(value)) return true;
  if (['0', 'f', 'F', 'FALSE', 'false', 'False'].includes(value)) return false;
  return undefined;
}

/** A flag of a query that Docker refuses with 400 unless Go would read it as a bool. */
export function strictFlag(query: URLSearchParams, name: string): boolean {
  const value = query.get(name);
  if (value === null || value === '') return false;
  const parsed = parseBool(value);
  if (parsed === undefined) {
    const reason = `strconv.ParseBool: parsing ${JSON.stringify(value)}: invalid syntax`;
    throw new ControlError(400, `invalid value for ${name}: ${value}: ${reason}`);
  }
  return parsed;
}

/** Go's url.QueryEscape. */
export function queryEscape(text: string): string {
  return encodeURIComponent(text)
    .replace(/%20/g, '+')
    .replace(/[!'()*]/g, (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`);
}

/**
 * A time of `since` and `until`: Unix seconds with an optional fraction, or RFC 3339. Gives milliseconds since the epoch with a
 * fraction, or undefined when it is neither.
 */
export function parseTime(value: string): number | undefined {
  if (/^-?\d+(\.\d+)?$/.test(value)) return Number(value) * 1000;
  const parsed = Date.parse(value);
  return Number.isNaN(parsed) ? undefined : parsed;
}
