import { notAllowed } from '../refusal.ts';

/** Settings that a container has to itself and that cannot harm the node. */
const SAFE_SYSCTLS = new Set([
  'kernel.shm_rmid_forced',
  'net.core.somaxconn',
  'net.ipv4.ip_local_port_range',
  'net.ipv4.ip_local_reserved_ports',
  'net.ipv4.ip_unprivileged_port_start',
  'net.ipv4.ping_group_range',
  'net.ipv4.tcp_fin_timeout',
  'net.ipv4.tcp_keepalive_intvl',
  'net.ipv4.tcp_keepalive_probes',
  'net.ipv4.tcp_keepalive_time',
  'net.ipv4.tcp_syncookies',
]);

/** Refuses kernel settings beyond the safe ones. */
export function checkSysctls(sysctls: Readonly<Record<string, string>> | undefined): void {
  for (const name of Object.keys(sysctls ?? {})) {
    if (SAFE_SYSCTLS.has(name)) continue;
    throw notAllowed(`the sysctl ${name}`, `only these are: ${[...SAFE_SYSCTLS].join(', ')}`);
  }
}
