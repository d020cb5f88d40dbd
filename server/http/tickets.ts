import type { Clock } from '../clock/clock.ts';
import { digestOf, newToken } from './identity/token.ts';

const LIFETIME = 30_000;

/**
 * What lets a browser open one socket for one thing, once, within half a minute. They live in memory: after a restart the page asks
 * for a new one.
 */
export class Tickets<Subject> {
  readonly #clock: Clock;
  readonly #open = new Map<string, { userId: string; subject: Subject; expiresAt: number }>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** A ticket with which that user may open a socket for that subject. */
  issue(userId: string, subject: Subject): string {
    this.#forgetExpired();
    const ticket = newToken();
    this.#open.set(digestOf(ticket), { userId, subject, expiresAt: this.#clock.now() + LIFETIME });
    return ticket;
  }

  /** Takes a ticket away and gives what it is for; undefined when it is unknown, used, too old or somebody else's. */
  redeem(userId: string, ticket: string): Subject | undefined {
    this.#forgetExpired();
    const digest = digestOf(ticket);
    const entry = this.#open.get(digest);
    this.#open.delete(digest);
    return entry?.userId === userId ? entry.subject : undefined;
  }

  #forgetExpired(): void {
    const now = this.#clock.now();
    for (const [digest, { expiresAt }] of this.#open) if (expiresAt <= now) this.#open.delete(digest);
  }
}
