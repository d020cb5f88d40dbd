import { notAllowed } from '../refusal.ts';

/** The one option that takes rights away instead of giving some. */
const HARMLESS = /^no-new-privileges(?:[:=](?:true|1))?$/;

/** Refuses security options that loosen what holds a container. */
export function checkSecurityOptions(options: readonly string[] | undefined): void {
  for (const option of options ?? []) {
    if (HARMLESS.test(option)) continue;
    throw notAllowed(
      `--security-opt ${option}`,
      'the default profiles stay on; only no-new-privileges may be asked for',
    );
  }
}
