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
  [/"(PID|time|timeNano)":\d+/g, '"$1":<n>'],
  [/([0-9a-f]{2}:){5}[0-9a-f]{2}/g, '<mac>'],
  [/([?&])version=\d+/g, '$1version=<n>'],
];

/** Lists of networks come in the order of a Go map, which is none. */
function inOrder(body: string): string {
  if (!body.startsWith('[{"Name":"') || !body.includes('"Scope":')) return body;
  const networks: { Name: string; Id: string }[] = JSON.parse(body);
  return JSON.stringify(networks.sort((a, b) => (a.Name < b.Name ? -1 : 1)));
}

/** An answer with everything taken out that says nothing about what answers: status, headers, body as text. */
export function comparableAnswer({ status, headers, body }: RawAnswer): string {
  const head = Object.entries(headers)
    .map(([name, value]) => `${name}: ${value}`)
    .join('; ');
  return VARIABLE.reduce(
    (text, [pattern, name]) => text.replace(pattern, name),
    `${status} [${head}] ${inOrder(body.trimEnd())}`,
  );
}
