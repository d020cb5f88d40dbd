import type { ObjectKind } from '../model/objects.ts';
import type { TaskTemplate } from './task-templates.ts';

/** One object's change on its way to the database. `data` is its JSON, absent for a removal. */
export interface SavedChange {
  kind: ObjectKind;
  id: string;
  data?: string;
  /** Of a task: the hash of what it shares with others. */
  template?: string;
}

/** What the store's thread is told. Messages are handled in order; `flush` and `load` are answered. */
export type PersistenceRequest =
  | { type: 'commit'; swarm: string; version: number; changes: SavedChange[]; templates: TaskTemplate[] }
  | { type: 'document'; key: string; data: unknown }
  | { type: 'forget'; swarm: string }
  | { type: 'flush'; ticket: number }
  | { type: 'load'; ticket: number }
  | { type: 'close' };

/** A swarm as it was saved. */
export interface SavedSwarm {
  version: number;
  objects: { kind: ObjectKind; data: unknown }[];
}

/** Everything that is in the database. */
export interface SavedState {
  swarms: Record<string, SavedSwarm>;
  documents: Record<string, unknown>;
}

export type PersistenceAnswer =
  | { type: 'flushed'; ticket: number }
  | { type: 'loaded'; ticket: number; state: SavedState }
  | { type: 'failed'; message: string; full: boolean };
