import { readFileSync } from 'node:fs';

/** The part of HostConfig that lets a container run an engine of its own. */
export interface PrivilegeConfig {
  Privileged?: boolean;
  CapAdd?: string[];
  CapDrop?: string[];
  SecurityOpt?: string[];
  MaskedPaths?: string[];
  ReadonlyPaths?: string[];
  DeviceCgroupRules?: string[];
  CgroupnsMode: 'private';
}

/** Capabilities by their bit, as linux/capability.h numbers them. */
const CAPABILITIES = [
  ...['CHOWN', 'DAC_OVERRIDE', 'DAC_READ_SEARCH', 'FOWNER', 'FSETID', 'KILL', 'SETGID', 'SETUID', 'SETPCAP'],
  ...['LINUX_IMMUTABLE', 'NET_BIND_SERVICE', 'NET_BROADCAST', 'NET_ADMIN', 'NET_RAW', 'IPC_LOCK', 'IPC_OWNER'],
  ...['SYS_MODULE', 'SYS_RAWIO', 'SYS_CHROOT', 'SYS_PTRACE', 'SYS_PACCT', 'SYS_ADMIN', 'SYS_BOOT', 'SYS_NICE'],
  ...['SYS_RESOURCE', 'SYS_TIME', 'SYS_TTY_CONFIG', 'MKNOD', 'LEASE', 'AUDIT_WRITE', 'AUDIT_CONTROL', 'SETFCAP'],
  ...['MAC_OVERRIDE', 'MAC_ADMIN', 'SYSLOG', 'WAKE_ALARM', 'BLOCK_SUSPEND', 'AUDIT_READ', 'PERFMON', 'BPF'],
  'CHECKPOINT_RESTORE',
] as const;

/** The capabilities that this machine's bounding set lacks, without CAP_; [] where the machine does not say. */
export function missingCapabilities(status: string = ownStatus()): string[] {
  const bounding = /^CapBnd:\s*([0-9a-f]+)$/m.exec(status)?.[1];
  if (bounding === undefined) return [];
  const bits = BigInt(`0x${bounding}`);
  return CAPABILITIES.filter((_, bit) => (bits & (1n << BigInt(bit))) === 0n);
}

/**
 * How a node may be started, the likelier way first. An ordinary machine gives --privileged. An engine that lacks a capability
 * refuses that ("unable to apply caps"), or gives it all the same (since Docker 23); then the same is put together from the
 * capabilities there are, where older engines have to be told what to leave out and newer ones must not be. Either way the node
 * gets a cgroup namespace of its own, so that what its engine makes there goes when it goes.
 */
export function nodePrivileges(missing: string[] = missingCapabilities()): PrivilegeConfig[] {
  const privileged: PrivilegeConfig = { Privileged: true, CgroupnsMode: 'private' };
  const assembled: PrivilegeConfig = {
    CapAdd: ['ALL'],
    SecurityOpt: ['seccomp=unconfined', 'apparmor=unconfined'],
    MaskedPaths: [],
    ReadonlyPaths: [],
    DeviceCgroupRules: ['a *:* rwm'],
    CgroupnsMode: 'private',
  };
  if (missing.length === 0) return [privileged, { ...assembled, CapDrop: ['SYS_RESOURCE'] }, assembled];
  return [{ ...assembled, CapDrop: missing }, assembled, privileged];
}

function ownStatus(): string {
  try {
    return readFileSync('/proc/self/status', 'utf8');
  } catch {
    return '';
  }
}
