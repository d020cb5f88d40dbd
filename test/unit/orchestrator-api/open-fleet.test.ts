import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { RealClock } from '../../../server/clock/real-clock.ts';
import { openFleet } from '../../../server/orchestrator/membership/open-fleet.ts';
import { INIT, MACHINES, serviceBody } from './test-fleet.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'swarmlab-fleet-'));
}, 60_000);
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const open = () =>
  openFleet({ clock: new RealClock({ keepAlive: false }), machines: MACHINES, path: join(folder, 'store.db') });

test('a fleet comes back as it was: who is in which swarm, tokens, services with their ports', async () => {
  const before = await open();
  const nodeId = await before.machine('master').init(INIT);
  const control = before.machine('master').control();
  const { JoinTokens } = control.swarm.inspect() as { JoinTokens: { Worker: string } };
  await before.machine('worker1').join({ ...INIT, RemoteAddrs: ['10.10.10.100:2377'], JoinToken: JoinTokens.Worker });
  await control.services.create(serviceBody('web', { EndpointSpec: { Ports: [{ TargetPort: 80 }] } }));
  const service = control.services.get('web');
  await before.close();

  const after = await open();
  expect(after.machine('master').nodeId()).toBe(nodeId);
  expect(after.machine('worker1').role()).toBe('worker');
  expect(after.machine('worker2').state()).toBe('inactive');
  expect(after.machine('master').control().swarm.inspect()).toMatchObject({ JoinTokens });
  expect(after.machine('master').control().services.get('web')).toEqual(service);
  await after.machine('master').leave({ force: true });
  await after.close();

  const last = await open();
  expect(last.machine('master').state()).toBe('inactive');
  await last.close();
}, 60_000);
