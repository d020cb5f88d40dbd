import { hostPart } from '../../gateway/networks/addresses.ts';
import type { NodeNetworkState, OverlayState, PublishedPortState } from '../../orchestrator/dispatcher/protocol.ts';
import { bridgeName, tunnelName } from './device-names.ts';

/** The node's tables are called so in both families, and nothing else on it is. */
export const TABLE = 'swarmlab';

/** Marks connections that the mesh or a virtual IP has sent on, for the rules behind: SNAT here, DOCKER-USER in the engine's own. */
export const CONNECTION_MARK = '0x5357';

/**
 * One step before the engine's own address translation, which has the standard priorities: a port published in the cluster comes
 * first, as DOCKER-INGRESS does.
 */
const BEFORE_ENGINE_DNAT = -101;
const BEFORE_ENGINE_SNAT = 99;
/** Before any address translation: addresses are those of the packet. */
const BEFORE_TRANSLATION = -150;
const BEFORE_ENGINE_FILTER = -1;

export interface RulesetInput {
  state: NodeNetworkState;
  /** Addresses of tasks that are about to stop: they get no new connection. */
  withheld: ReadonlySet<string>;
  /** The address on which the node answers DNS, which even an internal network may reach. */
  nameServer: string;
}

/**
 * The node's whole ruleset as text for `nft -f`: one transaction that replaces whatever was there. Connections that exist keep the
 * task they have, since the kernel decides only about the first packet of each.
 */
export function formatRuleset({ state, withheld, nameServer }: RulesetInput): string {
  const overlays = [...state.overlays].sort((a, b) => (a.id < b.id ? -1 : 1));
  const mesh = state.published.flatMap((port) => meshRule(port, withheld));
  const vips = overlays.flatMap((overlay) => vipRules(overlay, withheld));
  return [
    ...replaceTable('ip', [
      chain('isolation', 'filter', 'prerouting', BEFORE_TRANSLATION, overlays.flatMap(isolationRules)),
      chain('prerouting', 'nat', 'prerouting', BEFORE_ENGINE_DNAT, [...mesh, ...vips]),
      chain('output', 'nat', 'output', BEFORE_ENGINE_DNAT, mesh),
      chain('postrouting', 'nat', 'postrouting', BEFORE_ENGINE_SNAT, overlays.map(returnRule)),
      chain('forward', 'filter', 'forward', BEFORE_ENGINE_FILTER, overlays.flatMap(internalForwardRules)),
      chain(
        'input',
        'filter',
        'input',
        BEFORE_ENGINE_FILTER,
        overlays.flatMap((one) => internalInputRules(one, nameServer)),
      ),
    ]),
    ...replaceTable('bridge', [
      chain('forward', 'filter', 'forward', 0, overlays.flatMap(vipArpRules)),
      chain('output', 'filter', 'output', 0, overlays.flatMap(vipArpRules)),
    ]),
    '',
  ].join('\n');
}

/** The text that takes the node's tables away, whether they are there or not. */
export function removeRuleset(): string {
  return ['ip', 'bridge'].map((family) => `add table ${family} ${TABLE}\ndelete table ${family} ${TABLE}\n`).join('');
}

/** Emptying and filling the table in one transaction leaves its hooks in place, so that no packet passes without rules. */
function replaceTable(family: string, chains: string[]): string[] {
  return [
    `add table ${family} ${TABLE}`,
    `flush table ${family} ${TABLE}`,
    `table ${family} ${TABLE} {`,
    ...chains,
    '}',
  ];
}

function chain(name: string, type: string, hook: string, priority: number, rules: readonly string[]): string {
  const lines = [`type ${type} hook ${hook} priority ${priority};`, ...rules];
  return [`  chain ${name} {`, ...lines.map((line) => `    ${line}`), '  }'].join('\n');
}

function meshRule(port: PublishedPortState, withheld: ReadonlySet<string>): string[] {
  const backends = port.backends.filter((address) => !withheld.has(address));
  if (backends.length === 0) return [];
  const match = `fib daddr type local ${port.protocol} dport ${port.publishedPort}`;
  return [
    `${match} ct mark set ${CONNECTION_MARK} dnat to ${inTurn(backends.map((one) => `${one} . ${port.targetPort}`))}`,
  ];
}

/** A virtual IP is answered by the node of the client; ICMP stays with the node, which has the address itself. */
function vipRules(overlay: OverlayState, withheld: ReadonlySet<string>): string[] {
  return overlay.services.flatMap(({ vip, backends }) => {
    const active = backends.filter((address) => !withheld.has(address));
    if (vip === undefined || active.length === 0) return [];
    const match = `iifname "${bridgeName(overlay.id)}" ip daddr ${vip} meta l4proto { tcp, udp, sctp }`;
    return [`${match} ct mark set ${CONNECTION_MARK} dnat to ${inTurn(active)}`];
  });
}

/** One after the other, connection by connection, as IPVS's round robin does. */
function inTurn(backends: string[]): string {
  const map = backends.map((backend, index) => `${index} : ${backend}`).join(', ');
  return `numgen inc mod ${backends.length} map { ${map} }`;
}

/** The task answers to this node, which has the connection, and not past it. */
function returnRule(overlay: OverlayState): string {
  return `ct mark ${CONNECTION_MARK} oifname "${bridgeName(overlay.id)}" snat to ${hostPart(overlay.nodeAddress)}`;
}

/**
 * An overlay is reached from its own bridge and by the node itself, not through the node from other networks; nor are the node's own
 * loopback addresses, which `route_localnet` would let in.
 */
function isolationRules(overlay: OverlayState): string[] {
  const bridge = `"${bridgeName(overlay.id)}"`;
  return [
    `iifname != { ${bridge}, "lo" } ip daddr ${overlay.subnet} drop`,
    `iifname ${bridge} ip daddr 127.0.0.0/8 drop`,
  ];
}

/**
 * The bridge of an internal overlay is an ordinary one to the engine, because the engine asks no name server for containers that
 * are on internal networks alone; that nothing goes in or out is seen to here.
 */
function internalForwardRules(overlay: OverlayState): string[] {
  if (!overlay.spec.Internal) return [];
  const bridge = `"${bridgeName(overlay.id)}"`;
  return [
    `iifname ${bridge} oifname != ${bridge} reject with icmp net-unreachable`,
    `oifname ${bridge} iifname != ${bridge} drop`,
  ];
}

function internalInputRules(overlay: OverlayState, nameServer: string): string[] {
  if (!overlay.spec.Internal) return [];
  const bridge = `"${bridgeName(overlay.id)}"`;
  return [
    `iifname ${bridge} ip daddr ${nameServer} meta l4proto { tcp, udp } th dport 53 accept`,
    `iifname ${bridge} ct state new ip daddr != ${overlay.subnet} reject with icmp net-unreachable`,
  ];
}

/** Every node has the virtual IPs; a question for one must not leave the node that asks, or all would answer. */
function vipArpRules(overlay: OverlayState): string[] {
  const vips = overlay.services.flatMap(({ vip }) => vip ?? []);
  if (vips.length === 0) return [];
  return [`oifname "${tunnelName(overlay.id)}" arp daddr ip { ${vips.join(', ')} } drop`];
}
