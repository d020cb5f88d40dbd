import { ConstraintSyntaxError, parseConstraints } from '../../constraints/constraint.ts';
import type {
  EndpointSpec,
  ResourceRequirements,
  RestartPolicy,
  ServiceSpec,
  UpdateConfig,
} from '../../model/specs.ts';
import { ControlError } from '../control-error.ts';
import { validateName } from '../names.ts';
import { validateConfigReferences, validateContainerSpec, validateSecretReferences } from './validate-container.ts';

const invalid = (description: string) => ControlError.rpc('InvalidArgument', description);
const SMALLEST_CPU = 1_000_000;
const SMALLEST_MEMORY = 4 * 1024 * 1024;

/** What a service's spec must fulfil by itself, checked in SwarmKit's order so that the first mistake is the one it would name. */
export function validateServiceSpec(spec: ServiceSpec): void {
  validateName(spec.Name);
  const template = spec.TaskTemplate;
  validateResources(template.Resources);
  validateRestartPolicy(template.RestartPolicy);
  validatePlacement(template.Placement?.Constraints ?? []);
  validateSecretReferences(template.ContainerSpec?.Secrets ?? []);
  validateConfigReferences(template.ContainerSpec?.Configs ?? []);
  validateContainerSpec(template);
  if (spec.Mode.ReplicatedJob !== undefined || spec.Mode.GlobalJob !== undefined) {
    if (spec.UpdateConfig !== undefined) throw invalid('Jobs may not have an update config');
  } else if (spec.UpdateConfig !== undefined) {
    validateUpdateConfig(spec.UpdateConfig);
  }
  if (spec.EndpointSpec !== undefined) validateEndpointSpec(spec.EndpointSpec);
}

function validateResources(resources: ResourceRequirements | undefined): void {
  for (const amount of [resources?.Limits, resources?.Reservations]) {
    const { NanoCPUs = 0, MemoryBytes = 0 } = amount ?? {};
    if (NanoCPUs !== 0 && NanoCPUs < SMALLEST_CPU)
      throw invalid(`invalid cpu value ${formatFloat(NanoCPUs / 1e9)}: Must be at least 0.001`);
    if (MemoryBytes !== 0 && MemoryBytes < SMALLEST_MEMORY)
      throw invalid(`invalid memory value ${MemoryBytes}: Must be at least 4MiB`);
  }
}

/** As Go prints it: an exponent has at least two digits. */
function formatFloat(value: number): string {
  return String(value).replace(/e([+-])(\d)$/, 'e$10$2');
}

function validateRestartPolicy(policy: RestartPolicy | undefined): void {
  if ((policy?.Delay ?? 0) < 0) throw invalid('TaskSpec: restart-delay cannot be negative');
  if ((policy?.Window ?? 0) < 0) throw invalid('TaskSpec: restart-window cannot be negative');
}

function validatePlacement(constraints: readonly string[]): void {
  try {
    parseConstraints(constraints);
  } catch (error) {
    throw error instanceof ConstraintSyntaxError ? ControlError.rpc('Unknown', error.message) : error;
  }
}

function validateUpdateConfig(config: UpdateConfig): void {
  if ((config.Delay ?? 0) < 0) throw invalid('TaskSpec: update-delay cannot be negative');
  if ((config.Monitor ?? 0) < 0) throw invalid('TaskSpec: update-monitor cannot be negative');
  if (config.MaxFailureRatio < 0 || config.MaxFailureRatio > 1)
    throw invalid('TaskSpec: update-maxfailureratio cannot be less than 0 or bigger than 1');
}

function validateEndpointSpec(endpoint: EndpointSpec): void {
  const published = new Set<string>();
  for (const { PublishMode, PublishedPort, Protocol } of endpoint.Ports ?? []) {
    if (endpoint.Mode === 'dnsrr' && PublishMode === 'ingress')
      throw invalid("EndpointSpec: port published with ingress mode can't be used with dnsrr mode");
    if (!PublishedPort) continue;
    const key = `${PublishedPort}/${Protocol}`;
    if (published.has(key)) throw invalid('EndpointSpec: duplicate published ports provided');
    published.add(key);
  }
}
