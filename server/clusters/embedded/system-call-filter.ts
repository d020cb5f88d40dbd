/**
 * A seccomp filter for students' shells, in the kernel's own form (an array of struct sock_filter): what a shell of a lab never calls and
 * attacks on a kernel begin with is refused. In the way of Docker's default profile, made smaller.
 */

/** linux/bpf_common.h and linux/seccomp.h */
const LOAD = 0x20;
const JUMP_EQUAL = 0x15;
const JUMP_AT_LEAST = 0x35;
const JUMP_ANY_BIT = 0x45;
const RETURN = 0x06;
const ALLOW = 0x7fff0000;
const ERRNO = 0x00050000;
const EPERM = 1;
const ENOSYS = 38;

/** Offsets in struct seccomp_data; of the 64 bits of an argument the lower half comes first. */
const NUMBER = 0;
const ARCHITECTURE = 4;
const ARGUMENT = (index: number) => 16 + 8 * index;

/** Every namespace that clone can make: CLONE_NEWNS, NEWCGROUP, NEWUTS, NEWIPC, NEWUSER, NEWPID, NEWNET. */
const NEW_NAMESPACES = 0x7e020000;
/** Typing into a terminal as if its user did, and the console's clipboard. */
const REFUSED_IOCTLS = [0x5412, 0x541c];
/** x86-64's system calls with 32-bit pointers. */
const X32 = 0x40000000;

interface SystemCalls {
  /** AUDIT_ARCH_*: calls in the way of any other architecture are refused. */
  architecture: number;
  clone: number;
  ioctl: number;
  refused: readonly number[];
}

/** The same numbers everywhere: io_uring (3), the new mount calls (6), mount_setattr. */
const SAME_EVERYWHERE = [425, 426, 427, 428, 429, 430, 431, 432, 433, 442];
const CLONE3 = 435;

const CALLS: Partial<Record<NodeJS.Architecture, SystemCalls>> = {
  x64: {
    architecture: 0xc000003e,
    clone: 56,
    ioctl: 16,
    refused: [
      ...SAME_EVERYWHERE,
      ...[272, 308, 165, 166, 155, 161], // unshare, setns, mount, umount2, pivot_root, chroot
      ...[321, 298, 323, 250, 248, 249], // bpf, perf_event_open, userfaultfd, keyctl, add_key, request_key
      ...[246, 320, 175, 313, 176, 103], // kexec_load, kexec_file_load, init_module, finit_module, delete_module, syslog
      ...[303, 304, 179, 167, 168, 169], // name_to_handle_at, open_by_handle_at, quotactl, swapon, swapoff, reboot
      ...[163, 164, 227, 305, 159, 212], // acct, settimeofday, clock_settime, clock_adjtime, adjtimex, lookup_dcookie
      ...[153, 172, 173], // vhangup, iopl, ioperm
    ],
  },
  arm64: {
    architecture: 0xc00000b7,
    clone: 220,
    ioctl: 29,
    refused: [
      ...SAME_EVERYWHERE,
      ...[97, 268, 40, 39, 41, 51],
      ...[280, 241, 282, 219, 217, 218],
      ...[104, 294, 105, 273, 106, 116],
      ...[264, 265, 60, 224, 225, 142],
      ...[89, 170, 112, 266, 171, 18],
      58,
    ],
  },
};

type Instruction = readonly [code: number, ifTrue: number, ifFalse: number, value: number];

/** The filter for a processor architecture as Node names it; undefined for one that it has not been written for. */
export function systemCallFilter(architecture: NodeJS.Architecture = process.arch): Buffer | undefined {
  const calls = CALLS[architecture];
  if (calls === undefined) return undefined;
  const refuse: Instruction = [RETURN, 0, 0, ERRNO | EPERM];
  const allow: Instruction = [RETURN, 0, 0, ALLOW];
  const program: Instruction[] = [
    [LOAD, 0, 0, ARCHITECTURE],
    [JUMP_EQUAL, 1, 0, calls.architecture],
    refuse,
    [LOAD, 0, 0, NUMBER],
    ...(architecture === 'x64' ? ([[JUMP_AT_LEAST, 0, 1, X32], refuse] as const) : []),
    // The C library then takes clone, whose flags can be looked at.
    [JUMP_EQUAL, 0, 1, CLONE3],
    [RETURN, 0, 0, ERRNO | ENOSYS],
    ...calls.refused.flatMap((number): Instruction[] => [[JUMP_EQUAL, 0, 1, number], refuse]),
    [JUMP_EQUAL, 0, 4, calls.clone],
    [LOAD, 0, 0, ARGUMENT(0)],
    [JUMP_ANY_BIT, 0, 1, NEW_NAMESPACES],
    refuse,
    allow,
    [JUMP_EQUAL, 0, 1 + 2 * REFUSED_IOCTLS.length, calls.ioctl],
    [LOAD, 0, 0, ARGUMENT(1)],
    ...REFUSED_IOCTLS.flatMap((request): Instruction[] => [[JUMP_EQUAL, 0, 1, request], refuse]),
    allow,
  ];
  const bytes = Buffer.alloc(program.length * 8);
  for (const [index, [code, ifTrue, ifFalse, value]] of program.entries()) {
    bytes.writeUInt16LE(code, index * 8);
    bytes.writeUInt8(ifTrue, index * 8 + 2);
    bytes.writeUInt8(ifFalse, index * 8 + 3);
    bytes.writeUInt32LE(value >>> 0, index * 8 + 4);
  }
  return bytes;
}
