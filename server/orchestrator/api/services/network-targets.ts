import type { NetworkAttachmentConfig, ServiceSpec } from '../../model/specs.ts';
import type { ReadView } from '../../store/store.ts';
import { ControlError } from '../control-error.ts';
import { resolveNetwork } from '../resolve.ts';

/** Networks that every engine has, and only it: no service can be put on them. */
const NODE_ONLY = ['docker_gwbridge'];
const PREDEFINED = ['none', 'default'];

/** The spec with every network named by its ID. Throws what Docker answers for networks that a service cannot be on. */
export function resolveNetworkTargets(view: ReadView, spec: ServiceSpec): ServiceSpec {
  const resolve = (networks: readonly NetworkAttachmentConfig[]) =>
    networks.map((network) => ({ ...network, Target: resolveTarget(view, network.Target) }));
  const { Networks: inTemplate } = spec.TaskTemplate;
  if (inTemplate !== undefined)
    return { ...spec, TaskTemplate: { ...spec.TaskTemplate, Networks: resolve(inTemplate) } };
  return spec.Networks === undefined ? spec : { ...spec, Networks: resolve(spec.Networks) };
}

function resolveTarget(view: ReadView, target: string): string {
  if (NODE_ONLY.includes(target))
    throw new ControlError(
      403,
      `The network ${target} cannot be used with services. Only networks scoped to the swarm can be used, such as those created with the overlay driver.`,
    );
  try {
    return resolveNetwork(view, target).ID;
  } catch (error) {
    if (!(error instanceof ControlError) || error.status !== 404) throw error;
    if (PREDEFINED.includes(target))
      throw new ControlError(404, `could not find the corresponding predefined swarm network: ${error.message}`);
    throw new ControlError(500, error.message);
  }
}
