import type { ContainerSpec, Mount } from '../model/specs.ts';
import { expandTemplate, type TemplateContext, TemplateError } from './template.ts';

/** A field of a container's spec whose template cannot be expanded; the message is what Docker shows. */
export class ExpansionError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'ExpansionError';
  }
}

/**
 * The spec with its templates expanded, in the fields where Swarm allows them: mounts (source, target, volume labels and driver
 * options), environment and hostname. Throws ExpansionError.
 */
export function expandContainerSpec(spec: ContainerSpec, context: TemplateContext): ContainerSpec {
  const expand = (text: string) => expandTemplate(text, context);
  const expanded: ContainerSpec = { ...spec };
  if (spec.Mounts !== undefined) {
    expanded.Mounts = wrap(
      'expanding mounts failed',
      () => spec.Mounts?.map((mount) => expandMount(mount, expand)) ?? [],
    );
  }
  if (spec.Env !== undefined) {
    expanded.Env = wrap('expanding env failed', () => spec.Env?.map((entry) => expandEnv(entry, expand)) ?? []);
  }
  if (spec.Hostname !== undefined) {
    expanded.Hostname = wrap('expanding hostname failed', () => expand(spec.Hostname ?? ''));
  }
  return expanded;
}

type Expand = (text: string) => string;

/** The value alone is a template; the name of the variable stays as it is. */
function expandEnv(entry: string, expand: Expand): string {
  const at = entry.indexOf('=');
  if (at < 0) return entry;
  return wrap(`expanding env ${quote(entry)}`, () => `${entry.slice(0, at)}=${expand(entry.slice(at + 1))}`);
}

function expandMount(mount: Mount, expand: Expand): Mount {
  const { Source, Target, VolumeOptions: volume } = mount;
  const expanded: Mount = { ...mount };
  if (Source) expanded.Source = wrap(`expanding mount source ${quote(Source)}`, () => expand(Source));
  if (Target) expanded.Target = wrap(`expanding mount target ${quote(Target)}`, () => expand(Target));
  if (volume !== undefined) {
    const { Labels: labels, DriverConfig: driver } = volume;
    expanded.VolumeOptions = {
      ...volume,
      ...(labels && { Labels: wrap('expanding volume labels', () => expandMap(labels, expand)) }),
      ...(driver && {
        DriverConfig: {
          ...driver,
          ...(driver.Options && {
            Options: wrap('expanding volume driver config', () => expandMap(driver.Options ?? {}, expand)),
          }),
        },
      }),
    };
  }
  return expanded;
}

function expandMap(map: Record<string, string>, expand: Expand): Record<string, string> {
  return Object.fromEntries(
    Object.entries(map).map(([key, value]) => [
      key,
      wrap(`expanding map entry ${quote(key)}=${quote(value)}`, () => expand(value)),
    ]),
  );
}

function wrap<T>(where: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (error instanceof TemplateError || error instanceof ExpansionError) {
      throw new ExpansionError(`${where}: ${error.message}`);
    }
    throw error;
  }
}

function quote(text: string): string {
  return JSON.stringify(text);
}
