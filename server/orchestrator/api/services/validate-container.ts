import type {
  ConfigReference,
  ContainerSpec,
  HealthConfig,
  Mount,
  SecretReference,
  TaskSpec,
} from '../../model/specs.ts';
import { ExpansionError, expandContainerSpec } from '../../template/expand-container.ts';
import type { TemplateContext } from '../../template/template.ts';
import { ControlError } from '../control-error.ts';
import { isImageReference } from './image-reference.ts';

const invalid = (description: string) => ControlError.rpc('InvalidArgument', description);
const MILLISECOND = 1_000_000;

/** Stands in for a task that is not there yet, to see whether the spec's templates can be expanded at all. */
const SAMPLE: TemplateContext = {
  Service: { ID: 'serviceid', Name: 'serviceName', Labels: {} },
  Node: { ID: 'nodeid', Hostname: 'nodeHostname', Platform: { Architecture: 'x86_64', OS: 'linux' } },
  Task: { ID: 'taskid', Name: 'taskname.0.taskid', Slot: '0' },
};

/** What a container's spec must fulfil: templates, image, mounts, health check. Throws 400. */
export function validateContainerSpec(template: TaskSpec): void {
  const container = expanded(template.ContainerSpec ?? {});
  const image = container.Image ?? '';
  if (image === '') throw invalid('ContainerSpec: image reference must be provided');
  if (!isImageReference(image)) throw invalid(`ContainerSpec: ${JSON.stringify(image)} is not a valid repository/tag`);
  validateMounts(container.Mounts ?? []);
  if (container.Healthcheck !== undefined) validateHealthcheck(container.Healthcheck);
}

function expanded(container: ContainerSpec): ContainerSpec {
  try {
    return expandContainerSpec(container, SAMPLE);
  } catch (error) {
    throw error instanceof ExpansionError ? invalid(error.message) : error;
  }
}

function validateMounts(mounts: readonly Mount[]): void {
  const targets = new Set<string>();
  for (const { Target = '' } of mounts) {
    if (targets.has(Target)) throw invalid(`ContainerSpec: duplicate mount point: ${Target}`);
    targets.add(Target);
  }
}

function validateHealthcheck(check: HealthConfig): void {
  for (const field of ['Interval', 'Timeout', 'StartPeriod', 'StartInterval'] as const) {
    const duration = check[field] ?? 0;
    if (duration !== 0 && duration < MILLISECOND)
      throw invalid(`ContainerSpec: ${field} in HealthConfig cannot be less than 1ms`);
  }
  if ((check.Retries ?? 0) < 0) throw invalid('ContainerSpec: Retries in HealthConfig cannot be negative');
}

/** Secret references: complete, and no two with the same file. Throws 400. */
export function validateSecretReferences(references: readonly SecretReference[]): void {
  const owners = new Map<string, string>();
  for (const { SecretID, SecretName, File } of references) {
    if (SecretID === '' || SecretName === '') throw invalid('malformed secret reference');
    if (File === undefined) throw invalid('malformed secret reference, no target provided');
    claimFile('secret', owners, File.Name, SecretName);
  }
}

/** The same for configs, which may also be meant for the runtime instead of a file. */
export function validateConfigReferences(references: readonly ConfigReference[]): void {
  const owners = new Map<string, string>();
  for (const { ConfigID, ConfigName, File } of references) {
    if (ConfigID === '' || ConfigName === '') throw invalid('malformed config reference');
    if (File !== undefined) claimFile('config', owners, File.Name, ConfigName);
  }
}

function claimFile(kind: 'secret' | 'config', owners: Map<string, string>, file: string, name: string): void {
  if (file === '') throw invalid(`malformed file ${kind} reference, invalid target file name provided`);
  const owner = owners.get(file);
  if (owner !== undefined)
    throw invalid(`${kind} references '${owner}' and '${name}' have a conflicting target: '${file}'`);
  owners.set(file, name);
}
