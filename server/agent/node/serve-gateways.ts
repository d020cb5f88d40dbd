import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import type { Clock } from '../../clock/clock.ts';
import type { EngineEvent } from '../../engine/engine.ts';
import { createGateway } from '../../gateway/gateway.ts';
import type { LocalOverlays } from '../../gateway/networks/local-overlays.ts';
import { createNetworkPresentation } from '../../gateway/networks/swarm-networks.ts';
import { jsonApi } from '../../gateway/presentation/json-upstream.ts';
import { UnixUpstream } from '../../gateway/upstream/unix-upstream.ts';
import { Witness } from '../../gateway/witness/witness.ts';
import type { AgentConfig } from '../agent-config.ts';
import {
  CONTROL_SOCKET,
  ENGINE_SOCKET,
  OUTSIDE_GATEWAY_SOCKET,
  STUDENT_GROUP,
  STUDENT_HOME,
  STUDENT_SOCKET,
} from './node-files.ts';
import { giveToOwnerOutside } from './owner-outside.ts';

export interface ServeOptions {
  config: AgentConfig;
  clock: Clock;
  network: LocalOverlays;
  /** The engine's own events until the signal. */
  events(signal: AbortSignal): AsyncIterable<EngineEvent>;
  log(message: string): void;
}

/**
 * Two gateways, three sockets: the student's and the one outside the node are guarded and witnessed, the graders' is neither. Gives
 * the witness.
 */
export async function serveGateways({ config, clock, network, events, log }: ServeOptions): Promise<Witness> {
  const engine = new UnixUpstream(ENGINE_SOCKET);
  const swarm =
    config.orchestrator === 'swarm'
      ? undefined
      : new UnixUpstream(config.hostSocket, {
          pathPrefix: `/swarm/${config.node}`,
          headers: { authorization: `Bearer ${config.credential}` },
        });
  const networks =
    swarm &&
    createNetworkPresentation({
      ...{ clock, events, log, overlays: network },
      engine: jsonApi(engine, "the node's engine"),
      swarm: jsonApi(swarm, 'the orchestrator'),
    });
  const witness = new Witness(clock);
  const guard = { home: homeIsApart() ? STUDENT_HOME : undefined, gatewaySocket: STUDENT_SOCKET };
  const student = createGateway({ clock, engine, swarm, guard, witness, networks });
  const control = createGateway({ clock, engine, swarm, networks });
  await control.listen(CONTROL_SOCKET, 0o600);
  giveToOwnerOutside(CONTROL_SOCKET);
  await student.listen(STUDENT_SOCKET, 0o660);
  execFileSync('chgrp', [STUDENT_GROUP, STUDENT_SOCKET]);
  // Whoever waits for this one from outside finds all of them.
  await student.listen(OUTSIDE_GATEWAY_SOCKET, 0o600);
  giveToOwnerOutside(OUTSIDE_GATEWAY_SOCKET);
  return witness;
}

/** Whether the home folder is mounted so that a container may have it; a kernel before 5.10 cannot do that. */
function homeIsApart(): boolean {
  return readFileSync('/proc/self/mountinfo', 'utf8')
    .split('\n')
    .map((line) => line.split(' '))
    .some(([, , , , path, options = '']) => {
      const flags = options.split(',');
      return path === STUDENT_HOME && ['nosuid', 'nodev', 'nosymfollow'].every((flag) => flags.includes(flag));
    });
}
