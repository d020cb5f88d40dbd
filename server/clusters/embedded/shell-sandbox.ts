import { existsSync } from 'node:fs';
import { STUDENT, STUDENT_ENVIRONMENT, STUDENT_HOME } from '../student.ts';

/** Processes and bytes a file that a student's shells may have: enough for a lab, too little to harm the others. */
const PROCESS_LIMIT = 256;
const FILE_LIMIT = 64 * 1024 * 1024;
/** Memory of one process, in bytes: the docker client reserves much and uses little. */
const ADDRESS_SPACE_LIMIT = 8 * 1024 * 1024 * 1024;
const OPEN_FILES = 1024;
const SHARED_MEMORY_LIMIT = 8 * 1024 * 1024;

/** Goes under the limits (a zero stands for the process that writes it), opens the filter as descriptor 9, and becomes what follows. */
const PREPARE = 'for g in $1; do echo 0 > "$g" || exit 126; done; exec 9< "$2"; shift 2; exec "$@"';

export interface SandboxNode {
  hostname: string;
  /** On this machine: the student's home folder on this node. */
  home: string;
  /** On this machine: what everybody on the node sees as /tmp. */
  tmp: string;
  /** On this machine: a folder with `passwd`, `group`, `hosts`, `resolv.conf`, `profile`. */
  etc: string;
  /** On this machine: the folder with the socket of the node's gateway, `docker.sock`. */
  gateway: string;
  /** On this machine: the docker client. */
  dockerCli: string;
  /** Files in which a process puts itself under the cluster's limits. */
  controlGroups: readonly string[];
  /** On this machine: a file with a seccomp filter. */
  systemCallFilter: string | undefined;
  /** The words that enter the cluster's namespaces. */
  enter: readonly string[];
  /** The user of this machine as whom everything runs, one for each cluster; undefined: as whoever runs this program. */
  uid: number | undefined;
  /** Programs of the machine that are replaced by others, by name: where those lie on this machine. */
  instead?: Readonly<Record<string, string>>;
}

/**
 * The command line that runs `command` as the student on an embedded node: a sandbox with the node's name, home and gateway, its own
 * processes, and of this machine only its programs, read-only.
 */
export function sandboxed(node: SandboxNode, command: readonly string[]): string[] {
  const library = ['lib', 'lib64', 'lib32', 'bin', 'sbin'].filter((name) => existsSync(`/usr/${name}`));
  const { isolate, become } = node.uid === undefined ? AS_OURSELVES : asUser(node.uid);
  return [
    ...['sh', '-c', PREPARE, 'sh', node.controlGroups.join(' '), node.systemCallFilter ?? '/dev/null'],
    ...node.enter,
    ...[
      'prlimit',
      `--nproc=${PROCESS_LIMIT}`,
      `--fsize=${FILE_LIMIT}`,
      `--as=${ADDRESS_SPACE_LIMIT}`,
      `--nofile=${OPEN_FILES}`,
      '--core=0',
      '--',
    ],
    'bwrap',
    ...(node.systemCallFilter === undefined ? [] : ['--seccomp', '9']),
    ...isolate,
    ...['--unshare-pid', '--unshare-ipc', '--unshare-uts', '--unshare-cgroup-try', '--die-with-parent'],
    ...['--hostname', node.hostname],
    ...['--ro-bind', '/usr', '/usr'],
    ...library.flatMap((name) => ['--symlink', `usr/${name}`, `/${name}`]),
    // What the machine's owner has put there is nobody else's business.
    ...['--perms', '0755', '--tmpfs', '/usr/local', '--perms', '0755', '--dir', '/usr/local/bin'],
    ...['--ro-bind', node.dockerCli, '/usr/local/bin/docker'],
    ...Object.entries(node.instead ?? {})
      .filter(([name]) => existsSync(`/usr/bin/${name}`))
      .flatMap(([name, path]) => ['--ro-bind', path, `/usr/bin/${name}`]),
    ...[
      '--perms',
      '0755',
      '--dir',
      '/home',
      '--perms',
      '0755',
      '--dir',
      '/run',
      '--proc',
      '/proc',
      '--dev',
      '/dev',
      ...['--perms', '1777', '--size', String(SHARED_MEMORY_LIMIT), '--tmpfs', '/dev/shm'],
      ...['--bind', node.tmp, '/tmp'],
      '--perms',
      '0755',
      '--dir',
      '/var',
    ],
    ...[
      '--symlink',
      '../run',
      '/var/run',
      '--ro-bind',
      node.gateway,
      '/run/gateway',
      '--symlink',
      'gateway/docker.sock',
      '/run/docker.sock',
    ],
    ...[
      '--ro-bind',
      node.etc,
      '/etc',
      '--ro-bind-try',
      '/etc/alternatives',
      '/etc/alternatives',
      '--bind',
      node.home,
      STUDENT_HOME,
      '--chdir',
      STUDENT_HOME,
    ],
    // What is left writable are file systems of limited size.
    ...['--remount-ro', '/usr/local', '--remount-ro', '/dev', '--remount-ro', '/'],
    ...['--clearenv', ...Object.entries(STUDENT_ENVIRONMENT).flatMap(([name, value]) => ['--setenv', name, value])],
    ...['--setenv', 'HOSTNAME', node.hostname.split('.')[0] ?? ''],
    '--',
    ...become,
    ...command,
  ];
}

/** Without root the sandbox is a user namespace, in which the student is user 1000. */
const AS_OURSELVES = {
  isolate: ['--unshare-user', '--uid', '1000', '--gid', '1000', '--disable-userns', '--cap-drop', 'ALL'],
  become: [],
};

/** Root makes the sandbox and then becomes a user that this machine has not, so that limits count for that user alone. */
function asUser(uid: number): { isolate: string[]; become: string[] } {
  return {
    isolate: ['--cap-drop', 'ALL', '--cap-add', 'CAP_SETUID', '--cap-add', 'CAP_SETGID', '--cap-add', 'CAP_SETPCAP'],
    become: [
      ...['setpriv', `--reuid=${uid}`, `--regid=${uid}`, '--clear-groups', '--no-new-privs'],
      ...['--inh-caps=-all', '--bounding-set=-all', '--'],
    ],
  };
}

/** The student's user ID inside a sandbox that runs as `uid` of this machine. */
function studentUid(uid: number | undefined): number {
  return uid ?? 1000;
}

/** The files of `/etc` on an embedded node, by name. */
export function etcFiles(
  nodes: readonly { name: string; hostname: string; address: string }[],
  uid: number | undefined,
): Record<string, string> {
  const id = studentUid(uid);
  const hosts = nodes.map(({ name, hostname, address }) => `${address} ${hostname} ${name}`);
  return {
    passwd: `root:x:0:0:root:/root:/bin/sh\n${STUDENT}:x:${id}:${id}::${STUDENT_HOME}:/bin/bash\n`,
    group: `root:x:0:\n${STUDENT}:x:${id}:\ndocker:x:998:${STUDENT}\n`,
    hosts: `127.0.0.1 localhost\n${hosts.join('\n')}\n${nodes.at(-1)?.address ?? '127.0.0.1'} google.com www.google.com\n`,
    'resolv.conf': '',
    'nsswitch.conf': 'passwd: files\ngroup: files\nhosts: files\n',
    // Set here too, for shells that are no login shells.
    'bash.bashrc': `PS1='\\u@\\h:\\w\\$ '\n[ -r /usr/share/bash-completion/bash_completion ] && . /usr/share/bash-completion/bash_completion\n`,
    profile: '[ -n "$BASH_VERSION" ] && . /etc/bash.bashrc\n',
  };
}
