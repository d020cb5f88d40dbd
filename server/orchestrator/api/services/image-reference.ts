const COMPONENT = '[a-z0-9]+(?:(?:\\.|_|__|-+)[a-z0-9]+)*';
const HOST = '(?:[a-zA-Z0-9]|[a-zA-Z0-9][a-zA-Z0-9-]*[a-zA-Z0-9])';
const DOMAIN = `(?:${HOST}(?:\\.${HOST})*|\\[(?:[a-fA-F0-9:]+)\\])(?::[0-9]+)?`;
const TAG = '[\\w][\\w.-]{0,127}';
const DIGEST = '[A-Za-z][A-Za-z0-9]*(?:[-_+.][A-Za-z][A-Za-z0-9]*)*:[0-9a-fA-F]{32,}';
const REFERENCE = new RegExp(`^(?:(${DOMAIN})/)?${COMPONENT}(?:/${COMPONENT})*(?::${TAG})?(?:@(${DIGEST}))?$`);
const HEX_LENGTHS: Record<string, number> = { sha256: 64, sha384: 96, sha512: 128 };

/**
 * Whether a text names an image as Docker understands it: `nginx`, `host:5000/team/app:tag@sha256:…`. A bare image ID does not.
 */
export function isImageReference(text: string): boolean {
  if (/^[a-f0-9]{64}$/.test(text)) return false;
  const match = REFERENCE.exec(text);
  if (match === null) return false;
  const [algorithm = '', hex = ''] = (match[2] ?? '').split(':');
  return algorithm === '' || HEX_LENGTHS[algorithm] === hex.length;
}
