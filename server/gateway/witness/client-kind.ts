import type { IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import type { RequestTarget } from '../request-target.ts';
import type { ClientKind } from './witness.ts';

/** Header with which a shell's completion names itself, set in the configuration that it runs the CLI with. */
const COMPLETION_HEADER = 'x-swarmlab-completion';

/** Connections on which a service was created or changed; every run of the CLI has a connection of its own. */
const changed = new WeakSet<Socket>();

/**
 * Tells what the student asked from what the CLI asks by itself. After a service was created or changed, the same run of the CLI looks
 * every 200 ms whether it has converged, with the internal filter `_up-to-date` and by GETs of the service and the nodes. The CLI's own
 * completion lists services without their status, which no command does.
 */
export function clientKind(target: RequestTarget, req: IncomingMessage): ClientKind {
  if (target.path === '/_ping') return 'probe';
  if (req.headers[COMPLETION_HEADER] !== undefined) return 'completion';
  if (target.method === 'POST' && /^\/services\/(?:create|[^/]+\/update)$/.test(target.path)) {
    changed.add(req.socket);
    return 'command';
  }
  if (target.method !== 'GET') return 'command';
  if (target.query.includes('_up-to-date') || changed.has(req.socket)) return 'polling';
  if (target.path === '/services' && target.query === '') return 'completion';
  return 'command';
}
