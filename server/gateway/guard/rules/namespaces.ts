import { notAllowed } from '../refusal.ts';

/** A namespace setting, how the CLI calls its option, and the values that keep a container to itself. */
interface NamespaceRule {
  option: string;
  allowed: readonly string[];
}

const RULES = {
  PidMode: { option: '--pid', allowed: [''] },
  IpcMode: { option: '--ipc', allowed: ['', 'none', 'private', 'shareable'] },
  UTSMode: { option: '--uts', allowed: [''] },
  UsernsMode: { option: '--userns', allowed: [''] },
  CgroupnsMode: { option: '--cgroupns', allowed: ['', 'private'] },
  Cgroup: { option: 'the cgroup', allowed: [''] },
} as const satisfies Record<string, NamespaceRule>;

export type NamespaceSettings = { readonly [key in keyof typeof RULES]?: string | undefined };

/** Refuses the node's own namespaces, and those of other containers. */
export function checkNamespaces(settings: NamespaceSettings): void {
  for (const [key, rule] of Object.entries(RULES) as [keyof typeof RULES, NamespaceRule][]) {
    const value = settings[key];
    if (value === undefined || rule.allowed.includes(value)) continue;
    throw notAllowed(`${rule.option} ${value}`, 'a container keeps to namespaces of its own; leave it out');
  }
}

/** Refuses a container in the node's network or in another container's. */
export function checkNetworkMode(mode: string | undefined): void {
  if (mode === 'host') {
    throw notAllowed('--network host', "the node's own network belongs to the lab; publish ports with -p instead");
  }
  if (mode?.startsWith('container:')) {
    throw notAllowed(`--network ${mode}`, "another container's network is its own; put both on one network instead");
  }
}
