import type { ContainerBody } from './container-body.ts';

/** Something that is mounted in a container. */
export interface ContainerMount {
  type: 'volume' | 'tmpfs' | 'bind';
  /** The volume, or the path outside; empty for memory. */
  source: string;
  target: string;
  readOnly: boolean;
  /** A volume that was made for this container, which has no name of anybody's choice. */
  anonymous: boolean;
  /** Of memory: how many bytes at most. */
  size?: number;
}

interface AskedMount {
  Type?: string;
  Source?: string;
  Target?: string;
  ReadOnly?: boolean;
  TmpfsOptions?: { SizeBytes?: number } | null;
}

/** What a container is to have mounted, by all the ways there are to say it; `newVolume` names volumes that nobody has named. */
export function containerMounts(body: ContainerBody, newVolume: () => string): ContainerMount[] {
  const host = body.HostConfig ?? {};
  const volume = (source: string, target: string, readOnly: boolean): ContainerMount =>
    source === ''
      ? { type: 'volume', source: newVolume(), target, readOnly, anonymous: true }
      : { type: source.startsWith('/') ? 'bind' : 'volume', source, target, readOnly, anonymous: false };
  const binds = ((host.Binds ?? []) as string[]).map((bind) => {
    const [source = '', target = '', options = ''] = bind.split(':');
    return volume(source, target, options.split(',').includes('ro'));
  });
  const mounts = ((host.Mounts ?? []) as AskedMount[]).map(({ Type, Source, Target = '', ReadOnly, TmpfsOptions }) =>
    Type === 'tmpfs'
      ? memory(Target, ReadOnly === true, TmpfsOptions?.SizeBytes)
      : volume(Source ?? '', Target, ReadOnly === true),
  );
  const tmpfs = Object.entries((host.Tmpfs ?? {}) as Record<string, string>).map(([target]) => memory(target, false));
  const named = [...binds, ...mounts, ...tmpfs];
  const declared = Object.keys((body.Volumes ?? {}) as Record<string, unknown>)
    .filter((target) => named.every((each) => each.target !== target))
    .map((target) => volume('', target, false));
  return [...named, ...declared];
}

function memory(target: string, readOnly: boolean, size = 0): ContainerMount {
  const mount = { type: 'tmpfs' as const, source: '', target, readOnly, anonymous: false };
  return size > 0 ? { ...mount, size } : mount;
}

/** A mount as GET /containers/{id}/json shows it. */
export function describeMount({ type, source, target, readOnly }: ContainerMount): Record<string, unknown> {
  const common = { Type: type, Destination: target, RW: !readOnly, Propagation: type === 'bind' ? 'rprivate' : '' };
  if (type !== 'volume') return { ...common, Source: source, Mode: '' };
  return { ...common, Name: source, Source: `/var/lib/docker/volumes/${source}/_data`, Driver: 'local', Mode: 'z' };
}

/** The container's `/proc/mounts`. */
export function mountTable(mounts: readonly ContainerMount[]): string {
  const own = mounts.map(({ type, target, readOnly, size }) => {
    const mode = readOnly ? 'ro' : 'rw';
    if (type !== 'tmpfs') return `/dev/vda1 ${target} ext4 ${mode},relatime 0 0`;
    return `tmpfs ${target} tmpfs ${mode},nosuid,nodev,noexec,relatime${size === undefined ? '' : `,size=${size / 1024}k`} 0 0`;
  });
  return `${[
    'overlay / overlay rw,relatime 0 0',
    'proc /proc proc rw,nosuid,nodev,noexec,relatime 0 0',
    'tmpfs /dev tmpfs rw,nosuid,size=65536k,mode=755 0 0',
    'devpts /dev/pts devpts rw,nosuid,noexec,relatime,gid=5,mode=620,ptmxmode=666 0 0',
    'sysfs /sys sysfs ro,nosuid,nodev,noexec,relatime 0 0',
    'cgroup /sys/fs/cgroup cgroup2 ro,nosuid,nodev,noexec,relatime 0 0',
    'mqueue /dev/mqueue mqueue rw,nosuid,nodev,noexec,relatime 0 0',
    'shm /dev/shm tmpfs rw,nosuid,nodev,noexec,relatime,size=65536k 0 0',
    ...own,
    ...['resolv.conf', 'hostname', 'hosts'].map((name) => `/dev/vda1 /etc/${name} ext4 rw,relatime 0 0`),
  ].join('\n')}\n`;
}
