import type { HostConfigRequest, ResourcesRequest } from '../bodies/host-config.ts';
import type { GuardPolicy } from '../policy.ts';
import { notAllowed, unclear } from '../refusal.ts';
import { checkBindSource, checkPropagation } from './bind-mounts.ts';
import { checkCapabilities } from './capabilities.ts';
import { checkLogDriver } from './log-driver.ts';
import { checkMount } from './mounts.ts';
import { checkNamespaces, checkNetworkMode } from './namespaces.ts';
import { checkSecurityOptions } from './security-options.ts';
import { checkSysctls } from './sysctls.ts';
import { checkVolumeName } from './volumes.ts';

/**
 * Refuses host settings that reach beyond the container, and gives the bind mounts as they may be passed on. The rest of the settings
 * is harmless.
 */
export function checkHostConfig(
  settings: HostConfigRequest,
  policy: GuardPolicy,
): Pick<HostConfigRequest, 'Binds' | 'Mounts'> {
  if (settings.Privileged) {
    throw notAllowed('--privileged', 'it would hand the whole node to the container; the exercises work without it');
  }
  checkNamespaces(settings);
  checkNetworkMode(settings.NetworkMode);
  checkResources(settings);
  checkCapabilities(stringList('CapAdd', settings.CapAdd));
  checkSecurityOptions(settings.SecurityOpt);
  checkSysctls(settings.Sysctls);
  checkLogDriver(settings.LogConfig?.Type, settings.LogConfig?.Config);
  checkRuntime(settings);
  return {
    ...(settings.Binds && { Binds: settings.Binds.map((bind) => checkBind(bind, policy)) }),
    ...(settings.Mounts && { Mounts: settings.Mounts.map((mount) => checkMount(mount, policy)) }),
  };
}

/** Refuses devices and cgroups of the node among the resources of a create or an update. */
export function checkResources(settings: ResourcesRequest): void {
  const devices = [
    settings.Devices,
    settings.DeviceCgroupRules,
    settings.DeviceRequests,
    settings.BlkioWeightDevice,
    settings.BlkioDeviceReadBps,
    settings.BlkioDeviceWriteBps,
    settings.BlkioDeviceReadIOps,
    settings.BlkioDeviceWriteIOps,
  ];
  if (devices.some((list) => (list?.length ?? 0) > 0)) {
    throw notAllowed('a device of the node', 'containers have their own /dev; limit memory and CPUs instead');
  }
  if (settings.CgroupParent) {
    throw notAllowed(`the cgroup parent ${settings.CgroupParent}`, 'the engine chooses it; leave it out');
  }
}

function checkRuntime(settings: HostConfigRequest): void {
  const { Runtime: runtime = '', Isolation: isolation = '' } = settings;
  if (!['', 'runc'].includes(runtime)) throw notAllowed(`the runtime ${runtime}`, "use the engine's own");
  if (!['', 'default'].includes(isolation)) throw notAllowed(`the isolation ${isolation}`, 'it is for Windows only');
  if (Object.keys(settings.Annotations ?? {}).length > 0) {
    throw notAllowed('an annotation', 'annotations steer the container runtime; use labels instead');
  }
  if (settings.MaskedPaths || settings.ReadonlyPaths) {
    throw notAllowed(
      'changing masked or read-only paths',
      'they keep the node apart from its containers; leave them out',
    );
  }
  if ((settings.OomScoreAdj ?? 0) < 0) {
    throw notAllowed('a negative --oom-score-adj', "it would put the node's own processes at risk; use 0 or more");
  }
  for (const option of Object.keys(settings.StorageOpt ?? {})) {
    if (option !== 'size') throw notAllowed(`the storage option ${option}`, 'only size is');
  }
}

/** A bind as in `-v`: `SOURCE:TARGET[:OPTIONS]` of a path or a volume's name, or a target alone. */
function checkBind(bind: string, policy: GuardPolicy): string {
  const [source = '', target, options = '', ...more] = bind.split(':');
  if (target === undefined) return bind;
  if (more.length > 0) throw unclear(`invalid volume specification: '${bind}'`);
  for (const option of options.split(',')) {
    if (/^r?(?:shared|slave|private|unbindable)$/.test(option)) checkPropagation(option);
  }
  if (!source.startsWith('/')) {
    checkVolumeName(source);
    return bind;
  }
  const checked = checkBindSource(source, policy);
  return options === '' ? `${checked}:${target}` : `${checked}:${target}:${options}`;
}

/** A list that Go also takes as a single string. */
function stringList(key: string, value: unknown): string[] {
  if (value === undefined || value === null) return [];
  const list: unknown[] = Array.isArray(value) ? value : [value];
  return list.map((item) => {
    if (typeof item !== 'string') throw unclear(`${key} is no list of strings`);
    return item;
  });
}
