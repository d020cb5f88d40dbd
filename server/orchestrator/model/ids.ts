import { randomBytes } from 'node:crypto';

/**
 * A new object ID as SwarmKit makes them: 17 random bytes with the top bit set, in base 36, the first character dropped:
 * always 25 characters of `[0-9a-z]`. `random` gives the bytes; tests inject their own.
 */
export function newId(random: (size: number) => Uint8Array = randomBytes): string {
  const bytes = random(17);
  let value = 0n;
  for (const [index, byte] of bytes.entries()) value = (value << 8n) | BigInt(index === 0 ? byte | 0x80 : byte);
  return value.toString(36).slice(1, 26);
}
