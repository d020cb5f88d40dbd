import { createHash, randomBytes } from 'node:crypto';

/** A secret that cannot be guessed, of characters that a URL and a cookie can hold. */
export function newToken(): string {
  return randomBytes(32).toString('base64url');
}

/** What is kept of a token: enough to recognise it, not enough to use it. */
export function digestOf(token: string): string {
  return createHash('sha256').update(token).digest('base64url');
}
