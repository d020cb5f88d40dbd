import { notAllowed } from '../refusal.ts';

/** What every container has unless it drops it. */
const DEFAULT_CAPABILITIES = new Set([
  'AUDIT_WRITE',
  'CHOWN',
  'DAC_OVERRIDE',
  'FOWNER',
  'FSETID',
  'KILL',
  'MKNOD',
  'NET_BIND_SERVICE',
  'NET_RAW',
  'SETFCAP',
  'SETGID',
  'SETPCAP',
  'SETUID',
  'SYS_CHROOT',
]);

/** Refuses capabilities beyond the default set. */
export function checkCapabilities(added: readonly string[] | undefined): void {
  for (const capability of added ?? []) {
    const name = capability.toUpperCase().replace(/^CAP_/, '');
    if (DEFAULT_CAPABILITIES.has(name)) continue;
    throw notAllowed(
      `the capability ${capability}`,
      'it would reach beyond the container; the exercises work with the default capabilities',
    );
  }
}
