import type { RawAnswer } from './ask.ts';

/** What differs from run to run, and what stands for it. */
const VARIABLE: readonly [RegExp, string][] = [
  [/SWMTKN-1-[0-9a-z]+-[0-9a-z]+/g, '<token>'],
  [/SWMKEY-1-[A-Za-z0-9+/]+/g, '<key>'],
  [/"CertIssuerPublicKey":"[^"]+"/g, '"CertIssuerPublicKey":"<key>"'],
  [/-----BEGIN CERTIFICATE-----[^"]*-----END CERTIFICATE-----\\n/g, '<certificate>'],
  [/\b(?=[0-9a-z]*\d)(?=[0-9a-z]*[a-z])[0-9a-z]{25}\b/g, '<id>'],
  [/\b[0-9a-f]{64}\b/g, '<hash>'],
  [/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z/g, '<time>'],
  [/"Index":\d+/g, '"Index":<n>'],
  [/10\.10\.\d+\.(0|1|100|110|120|200)/g, '10.10.N.$1'],
  // Given out by the engine and by libnetwork, in the order in which things happened to be made.
  [/"PublishedPort":32\d{3},"PublishMode":"host"/g, '"PublishedPort":<n>,"PublishMode":"host"'],
  [/(?<="(?:Addresses|IPv4Address|EndpointIP)":\[?"10\.\d+\.\d+\.)\d+/g, '<n>'],
  [/"LocalLBIndex":\d+/g, '"LocalLBIndex":<n>'],
  [/"Peers":\[[^\]]*\]/g, '"Peers":[<peers>]'],
  [/[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g, '<uuid>'],
  [/"(PID|time|timeNano|NFd|NGoroutines|NEventsListener|MemoryBytes|MemTotal)":\d+/g, '"$1":<n>'],
  [/([0-9a-f]{2}:){5}[0-9a-f]{2}/g, '<mac>'],
  [/([?&])version=\d+/g, '$1version=<n>'],
];

/** Lists come in the order of random IDs, or of Go's maps, which is none: they are compared in the order of what is in them. */
function inOrder(body: string): string {
  if (!/^[[{]/.test(body)) return body;
  try {
    return JSON.stringify(sorted(JSON.parse(body)));
  } catch {
    return body;
  }
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) {
    const parts = value.map(sorted);
    const isList = parts.every((part) => typeof part === 'object' && part !== null);
    return isList ? parts.sort(compareMasked) : parts;
  }
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).map(([key, part]): [string, unknown] => [key, sorted(part)]);
  const byHash = entries.some(([key]) => /^[0-9a-f]{64}$/.test(key));
  return Object.fromEntries(byHash ? entries.sort(([, a], [, b]) => compareMasked(a, b)) : entries);
}

function compareMasked(a: unknown, b: unknown): number {
  return masked(JSON.stringify(a)) < masked(JSON.stringify(b)) ? -1 : 1;
}

function masked(text: string): string {
  return VARIABLE.reduce((done, [pattern, name]) => done.replace(pattern, name), text);
}

/**
 * An answer with everything taken out that says nothing about what answers: status, headers, body as text. `part` is the only part of
 * the body that counts, if it is given.
 */
export function comparableAnswer({ status, headers, body }: RawAnswer, part?: string): string {
  const head = Object.entries(headers)
    .map(([name, value]) => `${name}: ${value}`)
    .join('; ');
  const counts = part === undefined ? body.trimEnd() : JSON.stringify(JSON.parse(body)[part]);
  return masked(`${status} [${head}] ${inOrder(counts)}`);
}
