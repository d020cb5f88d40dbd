import { clusterOf } from '../api/control-context.ts';
import { ControlError } from '../api/control-error.ts';
import { isMember } from '../model/objects.ts';
import type { NodeRole } from '../model/specs.ts';
import type { Swarm } from '../swarm.ts';
import { hostOf } from './addresses.ts';
import type { FleetContext } from './fleet-context.ts';
import { TEXTS } from './texts.ts';
import { certificateDigest, parseJoinToken } from './tokens.ts';

export interface Admission {
  swarmId: string;
  role: NodeRole;
  swarm: Swarm;
}

/**
 * Asks the manager at `remote` (`host:port`) to be let in with a token. Undefined when nobody answers (yet): there is no such host, or
 * its swarm has no leader. Throws what Docker answers to a token that is none, of another swarm or worn out, and to a host that is no
 * manager.
 */
export function admit({ registry, machineAt }: FleetContext, remote: string, token: string): Admission | undefined {
  const parsed = parseJoinToken(token);
  if (parsed === undefined && token !== '') throw new ControlError(500, 'invalid join token');
  const machine = machineAt(hostOf(remote));
  if (machine === undefined) return undefined;
  const swarm = registry.swarmOf(machine.name);
  const membership = registry.membership(machine.name);
  const isManager = isMember(swarm?.store.nodes.get(membership?.nodeId ?? ''));
  if (swarm === undefined || membership === undefined || !isManager || membership.locked)
    throw ControlError.rpc(
      'Unavailable',
      `connection error: desc = "transport: Error while dialing: dial tcp ${remote}: connect: connection refused"`,
    );
  const cluster = clusterOf(swarm.store);
  if (parsed !== undefined && parsed.digest !== certificateDigest(cluster.rootCa.certificate)) {
    const expected = parsed.digest.toString(16).padStart(64, '0');
    throw new ControlError(500, `remote CA does not match fingerprint. Expected: ${expected}`);
  }
  if (!swarm.isLed) return undefined;
  const role = roleOf(parsed?.secret ?? '', cluster.joinTokens);
  if (role === undefined) throw ControlError.rpc('InvalidArgument', TEXTS.invalidToken);
  return { swarmId: membership.swarmId, role, swarm };
}

function roleOf(secret: string, { Worker, Manager }: { Worker: string; Manager: string }): NodeRole | undefined {
  if (secret === '') return undefined;
  if (Worker.endsWith(`-${secret}`)) return 'worker';
  return Manager.endsWith(`-${secret}`) ? 'manager' : undefined;
}
