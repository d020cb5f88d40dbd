import { CommandError, type RunCommand } from '../../../server/agent/network/command.ts';

/** The programs of a node, as far as the node's network calls them: devices and forwarding entries are kept, rules noted down. */
export class FakeLinux {
  readonly tunnels = new Set<string>();
  /** By tunnel, `MAC peer`. */
  readonly forwarding = new Map<string, Set<string>>();
  /** By bridge. */
  readonly vips = new Map<string, Set<string>>();
  /** The last ruleset that was loaded; undefined when it was taken away. */
  ruleset: string | undefined;
  accepted = false;
  /** Everything that was run, one line each; a batch line by line. */
  readonly log: string[] = [];

  readonly run: RunCommand = async (program, args, input = '') => {
    const lines = args[0] === '-batch' ? input.trim().split('\n') : [args.join(' ')];
    if (program === 'nft') return this.#load(input);
    let output = '';
    for (const line of lines) {
      this.log.push(`${program} ${line}`);
      output += this.#step(program, line.split(' '));
    }
    return output;
  };

  #load(input: string): string {
    this.log.push('nft');
    this.ruleset = input.includes('delete table') ? undefined : input;
    return '';
  }

  #step(program: string, words: string[]): string {
    if (program === 'iptables') return this.#iptables(words);
    if (program === 'conntrack') return '';
    const [object = '', action = ''] = words;
    const name = (after: string) => words[words.indexOf(after) + 1] ?? '';
    switch (`${program} ${object} ${action}`) {
      case 'ip link add': {
        const tunnel = words[2] ?? '';
        if (this.tunnels.has(tunnel))
          throw new CommandError('ip', words, 'exit status 2', 'RTNETLINK answers: File exists');
        this.tunnels.add(tunnel);
        this.forwarding.set(tunnel, new Set());
        return '';
      }
      case 'ip link del':
        this.tunnels.delete(words[2] ?? '');
        return '';
      case 'ip -json link':
        return JSON.stringify([...this.tunnels].map((ifname) => ({ ifname })));
      case 'ip -json -4':
        return JSON.stringify([
          { addr_info: [...this.#vipsOf(name('dev'))].map((local) => ({ local, prefixlen: 32 })) },
        ]);
      case 'ip address replace':
        this.#vipsOf(name('dev')).add(words[2]?.replace('/32', '') ?? '');
        return '';
      case 'ip address del':
        this.#vipsOf(name('dev')).delete(words[2]?.replace('/32', '') ?? '');
        return '';
      case 'bridge -json fdb':
        return JSON.stringify(
          [...(this.forwarding.get(name('dev')) ?? [])].map((entry) => {
            const [mac, dst] = entry.split(' ');
            return { mac, dst };
          }),
        );
      case 'bridge fdb append':
      case 'bridge fdb replace':
        if (words.includes('self')) this.forwarding.get(name('dev'))?.add(`${words[2]} ${name('dst')}`);
        return '';
      case 'bridge fdb del':
        if (words.includes('self')) this.forwarding.get(name('dev'))?.delete(`${words[2]} ${name('dst')}`);
        return '';
      default:
        return '';
    }
  }

  #vipsOf(bridge: string): Set<string> {
    const vips = this.vips.get(bridge) ?? new Set();
    this.vips.set(bridge, vips);
    return vips;
  }

  #iptables(words: string[]): string {
    if (words.includes('-I')) this.accepted = true;
    else if (words.includes('-D')) this.accepted = false;
    else if (!this.accepted) throw new CommandError('iptables', words, 'exit status 1', '');
    return '';
  }
}
