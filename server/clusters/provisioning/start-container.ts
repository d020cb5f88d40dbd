import type Docker from 'dockerode';
import { engineMessage } from '../outer-engine.ts';
import type { PrivilegeConfig } from './privileges.ts';

/** What an engine says that may not give a container those privileges. */
const REFUSED = /unable to apply caps|invalid CapDrop|invalid CapAdd|operation not permitted|permission denied|capset/i;

/**
 * Creates and starts a container with the first of `privileges` that the machine grants. `prepare` is called with the created
 * container before it is started. A container that could not be started is removed again.
 */
export async function startWithPrivileges(
  engine: Docker,
  privileges: readonly PrivilegeConfig[],
  create: (privilege: PrivilegeConfig) => Docker.ContainerCreateOptions,
  prepare: (container: Docker.Container) => Promise<void> = async () => undefined,
): Promise<Docker.Container> {
  let refusal: unknown;
  for (const privilege of privileges) {
    let container: Docker.Container | undefined;
    try {
      container = await engine.createContainer(create(privilege));
      await prepare(container);
      await container.start();
      return container;
    } catch (error) {
      await container?.remove({ force: true, v: true });
      if (!REFUSED.test(engineMessage(error))) throw error;
      refusal ??= error;
    }
  }
  throw refusal;
}
