import { SwarmlabError } from '../errors/swarmlab-error.ts';

/**
 * The unix socket of the outer engine: DOCKER_HOST, else the usual one. Nodes share folders with this machine, so an engine on
 * another machine cannot carry them: SL_NOT_SUPPORTED.
 */
export function engineSocket(environment: NodeJS.ProcessEnv = process.env): string {
  const address = environment.DOCKER_HOST || 'unix:///var/run/docker.sock';
  if (address.startsWith('unix://')) return address.slice('unix://'.length);
  throw new SwarmlabError('SL_NOT_SUPPORTED', `DOCKER_HOST=${address}: the engine must be on this machine`, {
    next: 'Unset DOCKER_HOST, or run swarmlab on that machine.',
  });
}
