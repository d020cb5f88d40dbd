import type { z } from 'zod';
import { goBool, goInt, goList, goMap, goString, goStruct } from '../../../orchestrator/api/request/go-json.ts';

/** A mount of a container or of a service's tasks. */
export const mount = goStruct('mount.Mount', {
  Type: goString('mount.Type'),
  Source: goString(),
  Target: goString(),
  ReadOnly: goBool(),
  Consistency: goString('mount.Consistency'),
  BindOptions: goStruct('mount.BindOptions', {
    Propagation: goString('mount.Propagation'),
    NonRecursive: goBool(),
    CreateMountpoint: goBool(),
    ReadOnlyNonRecursive: goBool(),
    ReadOnlyForceRecursive: goBool(),
  }),
  VolumeOptions: goStruct('mount.VolumeOptions', {
    NoCopy: goBool(),
    Labels: goMap(goString()),
    Subpath: goString(),
    DriverConfig: goStruct('mount.Driver', { Name: goString(), Options: goMap(goString()) }),
  }),
  TmpfsOptions: goStruct('mount.TmpfsOptions', {
    SizeBytes: goInt('int64'),
    Mode: goInt('uint32', 'fs.FileMode'),
    Options: goList(goList(goString())),
  }),
  ClusterOptions: goStruct('mount.ClusterOptions', {}),
});

export type MountRequest = NonNullable<z.infer<typeof mount>>;
