import { EngineError } from '../../engine.ts';
import type { SimulatedEngine } from '../simulated-engine.ts';
import type { Route } from './route.ts';

/** `/volumes`. */
export function volumeRoutes(engine: SimulatedEngine): Route[] {
  const present = (volume: { name: string; created: string; labels: Record<string, string> }) => ({
    CreatedAt: volume.created,
    Driver: 'local',
    Labels: volume.labels,
    Mountpoint: `/var/lib/docker/volumes/${volume.name}/_data`,
    Name: volume.name,
    Options: null,
    Scope: 'local',
  });
  const find = (name: string) => {
    const volume = engine.volumes.get(name);
    if (volume === undefined) throw new EngineError(404, `get ${name}: no such volume`);
    return volume;
  };
  const users = (name: string) =>
    engine
      .containers()
      .filter(({ mounts }) => mounts.some(({ type, source }) => type === 'volume' && source === name))
      .map(({ id }) => id);
  return [
    {
      method: 'GET',
      pattern: '/volumes',
      answer: async (request) => {
        const { name = [] } = request.filters();
        const volumes = [...engine.volumes.values()].filter((volume) =>
          name.every((part) => volume.name.includes(part)),
        );
        request.send(200, { Volumes: volumes.map(present), Warnings: null });
      },
    },
    {
      method: 'POST',
      pattern: '/volumes/create',
      answer: async (request) => {
        const body = await request.json();
        const name = typeof body.Name === 'string' && body.Name !== '' ? body.Name : engine.newId('volume');
        await engine.createVolume({ ...body, Name: name });
        request.send(201, present(find(name)));
      },
    },
    {
      method: 'GET',
      pattern: '/volumes/{name}',
      answer: async (request) => request.send(200, present(find(request.param('name')))),
    },
    {
      method: 'DELETE',
      pattern: '/volumes/{name}',
      answer: async (request) => {
        const volume = find(request.param('name'));
        const holders = users(volume.name);
        if (holders.length > 0) {
          throw new EngineError(409, `remove ${volume.name}: volume is in use - [${holders.join(', ')}]`);
        }
        engine.volumes.delete(volume.name);
        engine.eventLog.emit('volume', 'destroy', volume.name, { driver: 'local' });
        request.send(204);
      },
    },
    {
      method: 'POST',
      pattern: '/volumes/prune',
      answer: async (request) => {
        const unused = [...engine.volumes.keys()].filter((name) => users(name).length === 0);
        for (const name of unused) engine.volumes.delete(name);
        request.send(200, { VolumesDeleted: unused, SpaceReclaimed: 0 });
      },
    },
  ];
}
