import { posix } from 'node:path';
import { DOCKER_SOCKETS, type GuardPolicy } from '../policy.ts';
import { notAllowed } from '../refusal.ts';

/** Ways in which a bind mount passes later mounts on that stay inside of the container. */
const PRIVATE = new Set(['', 'private', 'rprivate']);

/**
 * The source of a bind mount as it may be passed on: a folder or file under the student's home, written without `..` and doubled
 * slashes, or the gateway's socket for the engine's. A symbolic link cannot lead out of the home, for it is mounted nosymfollow.
 * Templates are refused, because a swarm fills them in after this check.
 */
export function checkBindSource(source: string, policy: GuardPolicy): string {
  const path = posix.normalize(source).replace(/(.)\/+$/, '$1');
  if (DOCKER_SOCKETS.includes(path)) return policy.gatewaySocket;
  const { home } = policy;
  const inHome = home !== undefined && (path === home || path.startsWith(`${home}/`));
  if (inHome && source.startsWith('/') && !source.includes('{{') && !source.includes('\0')) return path;
  throw notAllowed(
    `a bind mount of ${source}`,
    `only ${home ? `files and folders under ${home} are, and ` : ''}/var/run/docker.sock; use a named volume for a container's data`,
  );
}

/** Refuses propagation of mounts out of a container. */
export function checkPropagation(propagation: string | undefined): void {
  if (PRIVATE.has(propagation ?? '')) return;
  throw notAllowed(`the bind propagation ${propagation}`, 'mounts of a container stay in the container; leave it out');
}
