import type { Mount } from '../../orchestrator/model/specs.ts';

/** Throws with Swarm's text when a mount makes no sense; such a task is rejected before anything is prepared. */
export function checkMount(mount: Mount): void {
  const target = mount.Target ?? '';
  const source = mount.Source ?? '';
  if (!target.startsWith('/')) throw new Error(`invalid mount target, must be an absolute path: ${target}`);
  if (mount.Type === 'bind' && !source.startsWith('/')) {
    throw new Error(`invalid bind mount source, must be an absolute path: ${source}`);
  }
  if (mount.Type === 'volume' && source.startsWith('/')) {
    throw new Error(`invalid volume mount source, must not be an absolute path: ${source}`);
  }
  if (mount.Type === 'tmpfs' && source !== '') throw new Error('invalid tmpfs source, source must be empty');
}

/** The bodies of POST /volumes/create for the named volumes whose driver the spec chooses; the others come with the container. */
export function volumesToCreate(mounts: readonly Mount[]): Record<string, unknown>[] {
  return mounts.flatMap((mount) => {
    const driver = mount.VolumeOptions?.DriverConfig;
    if (mount.Type !== 'volume' || !mount.Source || !driver?.Name) return [];
    return [
      {
        Name: mount.Source,
        Driver: driver.Name,
        DriverOpts: driver.Options ?? {},
        Labels: mount.VolumeOptions?.Labels ?? {},
      },
    ];
  });
}
