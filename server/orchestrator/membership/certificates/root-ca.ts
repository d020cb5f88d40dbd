import {
  createHash,
  createPrivateKey,
  createSign,
  generateKeyPairSync,
  randomBytes,
  X509Certificate,
} from 'node:crypto';
import {
  bitString,
  boolean,
  element,
  integer,
  objectIdentifier,
  octetString,
  printableString,
  sequence,
  set,
  time,
} from './der.ts';

/** The swarm's root certificate and its private key, both PEM. */
export interface RootCa {
  certificate: string;
  key: string;
}

const OID = {
  commonName: '2.5.4.3',
  subjectKeyIdentifier: '2.5.29.14',
  keyUsage: '2.5.29.15',
  basicConstraints: '2.5.29.19',
  ecdsaWithSha256: '1.2.840.10045.4.3.2',
};
/** A root certificate lasts twenty years of 365 days, and is valid since five full minutes ago, so that clocks may differ a little. */
const LIFETIME = 20 * 365 * 24 * 3600_000;
const BACKDATED = 5 * 60_000;
/** keyCertSign and cRLSign: the last but one and two bits of seven. */
const CERTIFICATE_SIGNING = Buffer.from([0b0000_0110]);

/** Makes a new root: an EC key on P-256 and a certificate of the name `swarm-ca` that it signs itself. `now` in milliseconds. */
export function createRootCa(now: number): RootCa {
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'prime256v1' });
  const spki = publicKey.export({ type: 'spki', format: 'der' });
  const name = sequence(set(sequence(objectIdentifier(OID.commonName), printableString('swarm-ca'))));
  const algorithm = sequence(objectIdentifier(OID.ecdsaWithSha256));
  const minute = 60_000;
  const from = Math.floor((now - BACKDATED) / minute) * minute;
  const body = sequence(
    element(0xa0, integer(Buffer.from([2]))),
    integer(randomBytes(20).fill(1, 0, 1)),
    algorithm,
    name,
    sequence(time(from), time(from + LIFETIME)),
    name,
    spki,
    element(0xa3, extensions(spki)),
  );
  const signature = createSign('sha256').update(body).sign(privateKey);
  return {
    certificate: pem('CERTIFICATE', sequence(body, algorithm, bitString(signature))),
    key: privateKey.export({ type: 'sec1', format: 'pem' }).toString(),
  };
}

function extensions(spki: Buffer): Buffer {
  const keyId = createHash('sha1').update(spki.subarray(-65)).digest();
  return sequence(
    sequence(objectIdentifier(OID.keyUsage), boolean(true), octetString(bitString(CERTIFICATE_SIGNING, 1))),
    sequence(objectIdentifier(OID.basicConstraints), boolean(true), octetString(sequence(boolean(true)))),
    sequence(objectIdentifier(OID.subjectKeyIdentifier), octetString(octetString(keyId))),
  );
}

function pem(label: string, der: Buffer): string {
  const lines = der.toString('base64').match(/.{1,64}/g) ?? [];
  return `-----BEGIN ${label}-----\n${lines.join('\n')}\n-----END ${label}-----\n`;
}

/** What Docker shows of a root certificate: the PEM, and its subject and public key as base64 of their DER. */
export interface TlsInfo {
  TrustRoot: string;
  CertIssuerSubject: string;
  CertIssuerPublicKey: string;
}

const shown = new Map<string, TlsInfo>();

/** Reads the TLSInfo out of a root certificate; throws when the text is no certificate. */
export function tlsInfo(certificate: string): TlsInfo {
  const known = shown.get(certificate);
  if (known !== undefined) return known;
  const parsed = new X509Certificate(certificate);
  const info = {
    TrustRoot: certificate,
    CertIssuerSubject: subjectOf(parsed.raw).toString('base64'),
    CertIssuerPublicKey: parsed.publicKey.export({ type: 'spki', format: 'der' }).toString('base64'),
  };
  shown.set(certificate, info);
  return info;
}

/** Whether the PEM key is the one that the certificate is for. Throws when one of them cannot be read. */
export function belongTogether(ca: RootCa): boolean {
  return new X509Certificate(ca.certificate).checkPrivateKey(createPrivateKey(ca.key));
}

/** The subject's DER: the sixth element of the signed part, behind version, serial, algorithm, issuer and validity. */
function subjectOf(certificate: Buffer): Buffer {
  let at = contentStart(certificate, contentStart(certificate, 0));
  for (let skipped = 0; skipped < 5; skipped++) at = elementEnd(certificate, at);
  return certificate.subarray(at, elementEnd(certificate, at));
}

function contentStart(der: Buffer, at: number): number {
  const first = der.readUInt8(at + 1);
  return at + 2 + (first < 0x80 ? 0 : first & 0x7f);
}

function elementEnd(der: Buffer, at: number): number {
  const first = der.readUInt8(at + 1);
  const size = first < 0x80 ? first : der.readUIntBE(at + 2, first & 0x7f);
  return contentStart(der, at) + size;
}
