import { goAny, goMap, goString, goStruct } from '../../../orchestrator/api/request/go-json.ts';

/** Body of POST /volumes/create. */
export const volumeCreate = goStruct('volume.CreateOptions', {
  Name: goString(),
  Driver: goString(),
  DriverOpts: goMap(goString()),
  Labels: goMap(goString()),
  ClusterVolumeSpec: goAny('volume.ClusterVolumeSpec'),
});
