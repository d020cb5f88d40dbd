import { z } from 'zod';
import type { Clock } from '../../clock/clock.ts';
import { restoreSwarm, StoreDatabase } from '../store/persistence.ts';
import { Store } from '../store/store.ts';
import type { Membership } from './membership.ts';
import { type SavedFleet, SwarmFleet, type SwarmFleetOptions } from './swarm-fleet.ts';
import type { FleetPersistence } from './swarm-registry.ts';

export interface OpenFleetOptions extends Omit<SwarmFleetOptions, 'persistence' | 'saved'> {
  /** The database file; made if it is not there. */
  path: string;
  /** The database thread's entry, as built; without it the source is run. */
  workerFile?: string;
  /** Told when something could not be written; `full` when the disk is full. */
  onFailure?: (message: string, full: boolean) => void;
}

const MEMBERSHIP_KEY = 'membership/';
const membership = z.object({
  machine: z.string(),
  swarmId: z.string(),
  nodeId: z.string(),
  address: z.string(),
  locked: z.boolean(),
});

/** A fleet that is kept in a file: everything is as it was when the last process that had it open ended, however it ended. */
export async function openFleet(options: OpenFleetOptions): Promise<SwarmFleet> {
  const { path, workerFile, onFailure, ...rest } = options;
  const database = new StoreDatabase({
    path,
    ...(workerFile === undefined ? {} : { workerFile }),
    ...(onFailure === undefined ? {} : { onFailure }),
  });
  const saved = await load(database, options.clock);
  return new SwarmFleet({ ...rest, persistence: persistenceIn(database), saved });
}

async function load(database: StoreDatabase, clock: Clock): Promise<SavedFleet> {
  const { swarms, documents } = await database.load();
  const stores = new Map<string, Store>();
  for (const [id, saved] of Object.entries(swarms)) {
    const store = new Store(clock, { persistence: database.persistenceOf(id), version: saved.version });
    restoreSwarm(store, saved);
    stores.set(id, store);
  }
  const memberships: Membership[] = [];
  for (const [key, document] of Object.entries(documents)) {
    if (key.startsWith(MEMBERSHIP_KEY) && document !== null) memberships.push(membership.parse(document));
  }
  return { memberships, stores };
}

function persistenceIn(database: StoreDatabase): FleetPersistence {
  return {
    saveMembership: (document) => database.saveDocument(MEMBERSHIP_KEY + document.machine, document),
    deleteMembership: (machine) => database.saveDocument(MEMBERSHIP_KEY + machine, null),
    storeOf: (swarmId) => database.persistenceOf(swarmId),
    deleteSwarm: (swarmId) => database.forget(swarmId),
    flushed: () => database.flushed(),
    close: () => database.close(),
  };
}
