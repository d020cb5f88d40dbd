/**
 * The database's schema, step by step: step N takes a database of version N to N + 1. Steps are never changed once they have been
 * released, only added.
 */
export const MIGRATIONS: readonly string[] = [
  `CREATE TABLE swarms (id TEXT PRIMARY KEY, version INTEGER NOT NULL);
   CREATE TABLE objects (
     swarm TEXT NOT NULL, kind TEXT NOT NULL, id TEXT NOT NULL, template TEXT, data TEXT NOT NULL,
     PRIMARY KEY (swarm, kind, id)
   ) WITHOUT ROWID;
   CREATE TABLE templates (hash TEXT PRIMARY KEY, data TEXT NOT NULL) WITHOUT ROWID;
   CREATE TABLE documents (key TEXT PRIMARY KEY, data TEXT NOT NULL) WITHOUT ROWID;`,
];
