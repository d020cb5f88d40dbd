import type { MountRequest } from '../bodies/mount.ts';
import type { GuardPolicy } from '../policy.ts';
import { notAllowed } from '../refusal.ts';
import { checkBindSource, checkPropagation } from './bind-mounts.ts';
import { checkVolumeName, checkVolumeOptions } from './volumes.ts';

/** Types that Docker knows and a lab does not give, and a mount without any, which means something else wherever it is asked for. */
const OTHER_TYPES = new Set(['', 'npipe', 'cluster', 'image']);

/** Refuses mounts that reach beyond the container, of a container or of a service; gives the mount as it may be passed on. */
export function checkMount(mount: MountRequest, policy: GuardPolicy): MountRequest {
  checkPropagation(mount.BindOptions?.Propagation);
  checkVolumeOptions(mount.VolumeOptions?.DriverConfig?.Options);
  switch (mount.Type) {
    case 'bind':
      return { ...mount, Source: checkBindSource(mount.Source ?? '', policy) };
    case 'volume':
      checkVolumeName(mount.Source ?? '');
      return mount;
    case 'tmpfs':
      return mount;
    default:
      if (OTHER_TYPES.has(mount.Type ?? '')) {
        throw notAllowed(`a mount of type "${mount.Type ?? ''}"`, 'bind, volume and tmpfs are there');
      }
      // No type that there is: whoever gets the request refuses it in the words that the student is to learn.
      return mount;
  }
}
