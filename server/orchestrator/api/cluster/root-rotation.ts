import { belongTogether, createRootCa, type RootCa } from '../../membership/certificates/root-ca.ts';
import type { ClusterSpec } from '../../model/specs.ts';
import { ControlError } from '../control-error.ts';

type CaConfig = ClusterSpec['CAConfig'];

/**
 * The root that the new configuration asks for: a given one, a fresh one when the rotation is forced, or undefined when nothing
 * changes. `now` in milliseconds. Throws 400 for a certificate or key that cannot be used.
 */
export function rotatedRoot(before: CaConfig, after: CaConfig, current: RootCa, now: number): RootCa | undefined {
  const { SigningCAKey: key = '' } = after;
  const certificate = pemOf(after.SigningCACert ?? '');
  if (key !== '' && certificate === '')
    throw refuse('if a signing CA key is provided, the signing CA cert must also be provided');
  if (certificate !== '') {
    if (key === '')
      throw refuse('if a signing CA cert is provided, a signing CA key or an external CA must be as well');
    if (certificate === current.certificate) return undefined;
    const given = { certificate, key };
    if (!isUsable(given)) throw refuse('invalid root CA certificate or key');
    return given;
  }
  return (before.ForceRotate ?? 0) === (after.ForceRotate ?? 0) ? undefined : createRootCa(now);
}

/** The certificates in a text, without what is around them. */
function pemOf(text: string): string {
  const blocks = text.match(/-----BEGIN CERTIFICATE-----[\s\S]+?-----END CERTIFICATE-----/g) ?? [];
  return blocks.map((block) => `${block}\n`).join('');
}

function isUsable(root: RootCa): boolean {
  try {
    return belongTogether(root);
  } catch {
    return false;
  }
}

function refuse(description: string): ControlError {
  return ControlError.rpc('InvalidArgument', description);
}
