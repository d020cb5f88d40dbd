import { createHash, randomBytes } from 'node:crypto';

const DIGEST_LENGTH = 50;
const SECRET_LENGTH = 25;

/** A token's two halves: the fingerprint of the swarm's root certificate, and the secret of the role. */
export interface JoinToken {
  /** SHA-256 of the PEM, as a number. */
  digest: bigint;
  secret: string;
}

/** A new token for a role: `SWMTKN-1-`, the fingerprint of the root certificate (PEM), `-`, and a secret of 16 random bytes. */
export function newJoinToken(rootCertificate: string): string {
  return `SWMTKN-1-${fingerprint(rootCertificate)}-${newSecret()}`;
}

/** Takes a token apart; undefined when it is none. */
export function parseJoinToken(token: string): JoinToken | undefined {
  const match = /^SWMTKN-1-([0-9a-z]{50})-([0-9a-z]{25})$/.exec(token);
  if (match === null) return undefined;
  return { digest: fromBase36(match[1] ?? ''), secret: match[2] ?? '' };
}

/** Whether a text has the form of an unlock key. */
export function isUnlockKey(text: string): boolean {
  return /^SWMKEY-1-[A-Za-z0-9+/]{43}$/.test(text);
}

/** SHA-256 of a root certificate's PEM, as a token carries it. */
export function certificateDigest(rootCertificate: string): bigint {
  return BigInt(`0x${createHash('sha256').update(rootCertificate).digest('hex')}`);
}

/** A new key that unlocks the managers of a swarm. */
export function newUnlockKey(): string {
  return `SWMKEY-1-${randomBytes(32).toString('base64').replace(/=+$/, '')}`;
}

function fingerprint(rootCertificate: string): string {
  return certificateDigest(rootCertificate).toString(36).padStart(DIGEST_LENGTH, '0');
}

function newSecret(): string {
  return BigInt(`0x${randomBytes(16).toString('hex')}`)
    .toString(36)
    .padStart(SECRET_LENGTH, '0');
}

function fromBase36(text: string): bigint {
  let value = 0n;
  for (const character of text) value = value * 36n + BigInt(Number.parseInt(character, 36));
  return value;
}
