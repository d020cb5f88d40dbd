/** Minutes before the end at which it is said aloud how much time is left. */
const SAID_AT = [30, 10, 5, 1];

/** `1:23:45` of so many milliseconds; below an hour `23:45`. Nothing below zero. */
export function clockText(milliseconds: number): string {
  const seconds = Math.max(0, Math.ceil(milliseconds / 1000));
  const two = (number: number) => String(number).padStart(2, '0');
  const hours = Math.floor(seconds / 3600);
  const rest = `${two(Math.floor(seconds / 60) % 60)}:${two(seconds % 60)}`;
  return hours > 0 ? `${hours}:${rest}` : rest;
}

/** What is to be said when the time left goes from one value to another, in milliseconds; nothing mostly. */
export function spokenAt(before: number, now: number): string | undefined {
  if (before > 0 && now <= 0) return 'The time is over.';
  const minutes = SAID_AT.find((each) => before > each * 60_000 && now <= each * 60_000);
  return minutes === undefined ? undefined : `${minutes} ${minutes === 1 ? 'minute' : 'minutes'} left.`;
}

export interface DomainScore {
  domain: string;
  earned: number;
  of: number;
}

/** Points by domain, in the order in which the domains come. */
export function scoresByDomain(steps: readonly { domain: string; points: number; earned: number }[]): DomainScore[] {
  const scores = new Map<string, DomainScore>();
  for (const { domain, points, earned } of steps) {
    const known = scores.get(domain) ?? { domain, earned: 0, of: 0 };
    scores.set(domain, { domain, earned: known.earned + earned, of: known.of + points });
  }
  return [...scores.values()].filter(({ of }) => of > 0);
}
