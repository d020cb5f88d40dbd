import { randomBytes } from 'node:crypto';

/**
 * A new object ID as SwarmKit makes them: 17 random bytes with the top bit set, in base 36, the first character dropped:
 * always 25 characters of `[0-9a-z]`. One in fifty would have no digit among the twelve that the client shows, and read as a word
 * there; it is drawn again. `random` gives the bytes; tests inject their own.
 */
export function newId(random: (size: number) => Uint8Array = randomBytes): string {
  for (;;) {
    const bytes = random(17);
    let value = 0n;
    for (const [index, byte] of bytes.entries()) value = (value << 8n) | BigInt(index === 0 ? byte | 0x80 : byte);
    const id = value.toString(36).slice(1, 26);
    if (/\d/.test(id.slice(0, 12))) return id;
  }
}
