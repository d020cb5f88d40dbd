import { createPrivateKey, createPublicKey, type KeyObject, sign, verify } from 'node:crypto';
import { gunzipSync, gzipSync } from 'node:zlib';
import { z } from 'zod';
import { SwarmlabError } from '../../errors/swarmlab-error.ts';
import { type Evidence, evidenceSchema } from './evidence-schema.ts';

/** A bundle unpacked may not be larger than this. */
const MAX_BYTES = 512 * 1024 * 1024;

/** The file: the evidence as text, so that a signature covers it to the letter, and the signature. */
const bundleSchema = z.object({
  evidence: z.string(),
  signature: z.object({ algorithm: z.literal('ed25519'), publicKey: z.string(), value: z.string() }).optional(),
});

/** Who vouches for a bundle. */
export type Signature = { kind: 'none' } | { kind: 'valid'; publicKey: string } | { kind: 'broken' };

/** Packs evidence, signed with an Ed25519 key where one is given. */
export function packEvidence(evidence: Evidence, key?: KeyObject): Buffer {
  const text = JSON.stringify(evidence);
  return gzipSync(JSON.stringify({ evidence: text, ...(key === undefined ? {} : { signature: signText(text, key) }) }));
}

/** Unpacks a bundle and looks at its signature. SL_USAGE when it is none. */
export function unpackEvidence(bytes: Buffer): { evidence: Evidence; signature: Signature } {
  try {
    const unpacked = gunzipSync(bytes, { maxOutputLength: MAX_BYTES }).toString('utf8');
    const { evidence, signature } = bundleSchema.parse(JSON.parse(unpacked));
    return {
      evidence: evidenceSchema.parse(JSON.parse(evidence)),
      signature: signature === undefined ? { kind: 'none' } : checkSignature(evidence, signature),
    };
  } catch (cause) {
    throw new SwarmlabError('SL_USAGE', 'this is no evidence bundle', {
      next: 'Give the file that `swarmlab grade --evidence FILE` wrote.',
      cause,
    });
  }
}

/** The private Ed25519 key in a PEM text. SL_USAGE for what is none. */
export function signingKeyOf(pem: string): KeyObject {
  const key = parsed(() => createPrivateKey(pem), 'Make one: openssl genpkey -algorithm ed25519');
  if (key.asymmetricKeyType === 'ed25519') return key;
  throw new SwarmlabError('SL_USAGE', `the key is ${key.asymmetricKeyType}`, {
    next: 'Make one: openssl genpkey -algorithm ed25519',
  });
}

/** The public key in a PEM text, by which evidence is to be trusted. SL_USAGE for what is none. */
export function trustedKeyOf(pem: string): KeyObject {
  return parsed(() => createPublicKey(pem), 'Take it from the signing key: openssl pkey -in key.pem -pubout');
}

function parsed(parse: () => KeyObject, next: string): KeyObject {
  try {
    return parse();
  } catch (cause) {
    throw new SwarmlabError('SL_USAGE', 'the key cannot be read', { next, cause });
  }
}

function signText(text: string, key: KeyObject) {
  return {
    algorithm: 'ed25519' as const,
    publicKey: createPublicKey(key).export({ type: 'spki', format: 'pem' }).toString(),
    value: sign(null, Buffer.from(text), key).toString('base64'),
  };
}

function checkSignature(text: string, signature: { publicKey: string; value: string }): Signature {
  const key = createPublicKey(signature.publicKey);
  const valid = verify(null, Buffer.from(text), key, Buffer.from(signature.value, 'base64'));
  return valid ? { kind: 'valid', publicKey: signature.publicKey } : { kind: 'broken' };
}
