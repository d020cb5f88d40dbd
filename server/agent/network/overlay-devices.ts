import { z } from 'zod';
import { hostPart } from '../../gateway/networks/addresses.ts';
import { CommandError, type RunCommand } from './command.ts';
import { BROADCAST, entryKey, type ForwardingEntry, type OverlayPlan } from './overlay-plan.ts';

/** Room for the headers of VXLAN over IPv4 in Ethernet frames of 1500 bytes, as Docker's overlay driver leaves it. */
export const OVERLAY_MTU = 1450;
/** IANA's port for VXLAN, which Swarm uses too unless told otherwise. */
const VXLAN_PORT = 4789;

/** What is on the node: the part of a plan that can change while the devices stay. */
type Present = Pick<OverlayPlan, 'vips' | 'entries'>;

const NOTHING: Present = { vips: new Set(), entries: new Map() };

/**
 * The bridge and the tunnel of one overlay on this node. Remembers what it has set, so that a change costs only what changed; a new
 * one reads what an earlier agent has left and goes on from there, without a connection noticing.
 */
export class OverlayDevices {
  readonly #run: RunCommand;
  #present: Present | undefined;

  constructor(run: RunCommand) {
    this.#run = run;
  }

  /** Makes the devices so; the bridge has to be there. After a failure the next call looks at the node anew. */
  async apply(plan: OverlayPlan): Promise<void> {
    const present = this.#present ?? (await this.#prepare(plan));
    this.#present = undefined;
    await this.#batch('ip', addressChanges(plan, present));
    await this.#batch('bridge', entryChanges(plan, present));
    this.#present = { vips: plan.vips, entries: plan.entries };
  }

  /** Sets what never changes, and reads the rest. */
  async #prepare(plan: OverlayPlan): Promise<Present> {
    const { bridge, tunnel, vni, underlay, bridgeMac } = plan;
    const created = await this.#create(
      `link add ${tunnel} mtu ${OVERLAY_MTU} type vxlan id ${vni} dstport ${VXLAN_PORT} local ${underlay} nolearning`,
    );
    await this.#batch('ip', [
      `link set dev ${bridge} address ${bridgeMac}`,
      `link set dev ${tunnel} master ${bridge} up`,
    ]);
    // Known frames go to their node, ARP to all; nothing else may be flooded, nor learned from what comes in.
    await this.#batch('bridge', [`link set dev ${tunnel} flood off mcast_flood off bcast_flood on learning off`]);
    // Connections from 127.0.0.1 to a published port leave through this bridge. A frame for a virtual IP has to come up to the IP layer
    // before its address is translated: done in the bridge itself, a task that asks for its own service and is its own turn's choice
    // would get no answer, since a bridge sends no frame back where it came from.
    await this.#run('sysctl', [
      ...['-q', '-w', `net.ipv4.conf.${bridge}.route_localnet=1`],
      'net.bridge.bridge-nf-call-iptables=0',
    ]);
    return created ? { ...NOTHING, vips: await this.#presentVips(bridge) } : this.#read(plan);
  }

  async #read({ bridge, tunnel }: OverlayPlan): Promise<Present> {
    const entries = fdbSchema
      .parse(JSON.parse(await this.#run('bridge', ['-json', 'fdb', 'show', 'dev', tunnel])))
      .flatMap(({ mac, dst }): ForwardingEntry[] => (dst === undefined ? [] : [{ mac, peer: dst }]));
    return {
      vips: await this.#presentVips(bridge),
      entries: new Map(entries.map((entry) => [entryKey(entry), entry])),
    };
  }

  async #presentVips(bridge: string): Promise<Set<string>> {
    const links = addressSchema.parse(
      JSON.parse(await this.#run('ip', ['-json', '-4', 'address', 'show', 'dev', bridge])),
    );
    const addresses = links.flatMap((link) => link.addr_info ?? []);
    return new Set(addresses.filter(({ prefixlen }) => prefixlen === 32).map(({ local }) => hostPart(local)));
  }

  /** Whether the device had to be made. */
  async #create(line: string): Promise<boolean> {
    try {
      await this.#run('ip', line.split(' '));
      return true;
    } catch (error) {
      if (error instanceof CommandError && error.message.includes('File exists')) return false;
      throw error;
    }
  }

  async #batch(program: 'ip' | 'bridge', lines: string[]): Promise<void> {
    if (lines.length > 0) await this.#run(program, ['-batch', '-'], `${lines.join('\n')}\n`);
  }
}

const fdbSchema = z.array(z.object({ mac: z.string(), dst: z.string().optional() }));
const addressSchema = z.array(
  z.object({ addr_info: z.array(z.object({ local: z.string(), prefixlen: z.number() })).optional() }),
);

/** What `ip` has to do about virtual IPs. */
function addressChanges({ bridge, vips }: OverlayPlan, present: Present): string[] {
  return [
    ...[...present.vips].filter((vip) => !vips.has(vip)).map((vip) => `address del ${vip}/32 dev ${bridge}`),
    ...[...vips].filter((vip) => !present.vips.has(vip)).map((vip) => `address replace ${vip}/32 dev ${bridge}`),
  ];
}

/**
 * What `bridge` has to do about forwarding: an address is known both to the tunnel (on which node it is) and to the bridge (that it
 * is behind the tunnel).
 */
function entryChanges({ tunnel, entries }: OverlayPlan, present: Present): string[] {
  const staying = new Set([...entries.values()].map(({ mac }) => mac));
  const lines: string[] = [];
  for (const [key, { mac, peer }] of present.entries) {
    if (entries.has(key)) continue;
    lines.push(`fdb del ${mac} dev ${tunnel} dst ${peer} self`);
    if (mac !== BROADCAST && !staying.has(mac)) lines.push(`fdb del ${mac} dev ${tunnel} master`);
  }
  for (const [key, { mac, peer }] of entries) {
    if (present.entries.has(key)) continue;
    if (mac === BROADCAST) {
      lines.push(`fdb append ${mac} dev ${tunnel} dst ${peer} self permanent`);
    } else {
      lines.push(`fdb replace ${mac} dev ${tunnel} dst ${peer} self permanent`);
      lines.push(`fdb replace ${mac} dev ${tunnel} master static`);
    }
  }
  return lines;
}
