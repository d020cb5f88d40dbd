/** One kind of error: what all errors of its code have in common. */
export interface CatalogueEntry {
  /** What it means, in a sentence. */
  meaning: string;
  /** What to do about it, unless whoever throws it knows better. */
  next: string;
  exitCode: 1 | 2 | 3;
}

/** Every error code there is. A code is stable: scripts may rely on it. */
export const CATALOGUE = {
  SL_USAGE: { meaning: 'The command was called in a way it does not understand.', next: 'See --help.', exitCode: 2 },
  SL_LAB_INVALID: {
    meaning: 'A lab file breaks a rule of the lab format.',
    next: 'Put it right in the lab file; `swarmlab lint` lists what it finds there.',
    exitCode: 2,
  },
  SL_LAB_NOT_FOUND: { meaning: 'There is no lab of that name.', next: '`swarmlab labs` lists them.', exitCode: 2 },
  SL_CLUSTER_EXISTS: {
    meaning: 'A cluster of that name is already there.',
    next: 'Choose another name, or `swarmlab cluster down` it.',
    exitCode: 2,
  },
  SL_CLUSTER_NOT_FOUND: {
    meaning: 'There is no cluster of that name.',
    next: '`swarmlab cluster ls` lists them.',
    exitCode: 2,
  },
  SL_NODE_NOT_FOUND: {
    meaning: 'The cluster has no node of that name.',
    next: '`swarmlab cluster ls --json` names its nodes.',
    exitCode: 2,
  },
  SL_ENGINE_UNREACHABLE: {
    meaning: 'No Docker engine answers.',
    next: '`swarmlab doctor` tells what is missing.',
    exitCode: 3,
  },
  SL_ENGINE_FAILED: {
    meaning: 'The Docker engine could not do what was asked.',
    next: '`swarmlab doctor` tells what this machine cannot do; then try again.',
    exitCode: 3,
  },
  SL_SUBNET_TAKEN: {
    meaning: 'The subnet overlaps one that is in use.',
    next: 'Leave --subnet out to get a free one.',
    exitCode: 2,
  },
  SL_HOST_UNREACHABLE: {
    meaning: 'The cluster host does not answer.',
    next: '`swarmlab cluster ls` starts it again and shows its state.',
    exitCode: 3,
  },
  SL_TERMINAL_NOT_FOUND: {
    meaning: 'There is no terminal of that id on the node.',
    next: 'Its node may have been restarted; open a new one.',
    exitCode: 2,
  },
  SL_TERMINAL_LIMIT: {
    meaning: 'The node has as many terminals open as it may.',
    next: 'Close one that is not needed.',
    exitCode: 2,
  },
  SL_FILE_NOT_FOUND: {
    meaning: 'There is no such file in the home folder.',
    next: 'It may have been moved or removed on the node; open the list of files again.',
    exitCode: 2,
  },
  SL_FILE_REFUSED: {
    meaning: 'The page opens ordinary files of the home folder only: no links, folders, pipes or devices.',
    next: 'Use the terminal.',
    exitCode: 2,
  },
  SL_FILE_TOO_LARGE: {
    meaning: 'The file is larger than what goes through the page.',
    next: 'Make it smaller, or write it in the terminal.',
    exitCode: 2,
  },
  SL_FILE_CHANGED: {
    meaning: 'The file was changed on the node after the page had read it.',
    next: 'Load it again, or save over it.',
    exitCode: 2,
  },
  SL_FILE_EXISTS: { meaning: 'Something of that name is there already.', next: 'Choose another name.', exitCode: 2 },
  SL_NOT_SIGNED_IN: {
    meaning: 'Nobody is signed in.',
    next: 'Open the link that `swarmlab serve` printed; pressing Enter there prints a new one.',
    exitCode: 2,
  },
  SL_FORBIDDEN: {
    meaning: 'That is not allowed from here.',
    next: 'Open the page at the address that `swarmlab serve` printed; behind a proxy, name its address with --public-url.',
    exitCode: 2,
  },
  SL_TOO_MANY_REQUESTS: { meaning: 'Too many requests in a short time.', next: 'Wait a moment.', exitCode: 2 },
  SL_WORKSPACE_NOT_FOUND: {
    meaning: 'There is no workspace of that id.',
    next: 'Choose the lab again from the list of labs.',
    exitCode: 2,
  },
  SL_WORKSPACE_BUSY: {
    meaning: 'The workspace is being made or removed.',
    next: 'Wait until it is ready.',
    exitCode: 2,
  },
  SL_STEP_NOT_FOUND: {
    meaning: 'The lab has no such step or question.',
    next: 'Load the page again: the lab may have been changed.',
    exitCode: 2,
  },
  SL_PORT_IN_USE: {
    meaning: 'The port is taken by another program.',
    next: 'Choose another with --port.',
    exitCode: 3,
  },
  SL_DISK_FULL: {
    meaning: 'The disk is full.',
    next: 'Free some space; `swarmlab gc` removes what no cluster needs.',
    exitCode: 3,
  },
  SL_NOT_SUPPORTED: {
    meaning: 'This machine or this build cannot do that.',
    next: '`swarmlab doctor` tells what this machine can do.',
    exitCode: 3,
  },
  SL_INTERNAL: {
    meaning: 'Something went wrong inside swarmlab.',
    next: 'Please report it with the log; a command tells more with SWARMLAB_DEBUG=1.',
    exitCode: 3,
  },
} as const satisfies Record<string, CatalogueEntry>;

export type ErrorCode = keyof typeof CATALOGUE;
