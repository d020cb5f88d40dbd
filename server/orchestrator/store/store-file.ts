import Database from 'libsql';
import { z } from 'zod';
import type { PersistenceRequest, SavedState } from './persistence-messages.ts';
import { MIGRATIONS } from './persistence-schema.ts';

const kind = z.enum(['services', 'tasks', 'nodes', 'networks', 'secrets', 'configs', 'clusters']);
const swarmRow = z.object({ id: z.string(), version: z.number() });
const objectRow = z.object({ swarm: z.string(), kind, template: z.string().nullable(), data: z.string() });
const templateRow = z.object({ hash: z.string(), data: z.string() });
const documentRow = z.object({ key: z.string(), data: z.string() });

/**
 * Memory that the database may use for pages (KiB); it takes as much as the file has. IDs are random, so that a group of changes touches
 * pages all over the file: with SQLite's own 2 MiB most of them are written and read again several times in one transaction.
 */
const CACHE_KIB = 64 * 1024;

/** The file in which a cluster's swarms are kept. Used by one thread only; every method is synchronous. */
export class StoreFile {
  readonly #database: Database.Database;
  readonly #statements;

  /** Opens the file, makes it if need be, and brings its schema up to date. Throws when it was written by a newer version. */
  constructor(path: string) {
    this.#database = new Database(path);
    // WAL and NORMAL: a transaction survives the death of the process, and writing one needs no wait for the disk.
    this.#database.exec(`PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA cache_size = -${CACHE_KIB}`);
    this.#migrate(path);
    this.#statements = {
      put: this.#database.prepare(
        'INSERT OR REPLACE INTO objects (swarm, kind, id, template, data) VALUES (?, ?, ?, ?, ?)',
      ),
      remove: this.#database.prepare('DELETE FROM objects WHERE swarm = ? AND kind = ? AND id = ?'),
      template: this.#database.prepare('INSERT OR IGNORE INTO templates (hash, data) VALUES (?, ?)'),
      swarm: this.#database.prepare('INSERT OR REPLACE INTO swarms (id, version) VALUES (?, ?)'),
      document: this.#database.prepare('INSERT OR REPLACE INTO documents (key, data) VALUES (?, ?)'),
    };
  }

  /** Runs `work` in one transaction: all of it is in the file afterwards, or nothing. */
  transaction(work: () => void): void {
    this.#database.exec('BEGIN IMMEDIATE');
    try {
      work();
      this.#database.exec('COMMIT');
    } catch (error) {
      this.#database.exec('ROLLBACK');
      throw error;
    }
  }

  commit({ swarm, version, changes, templates }: Extract<PersistenceRequest, { type: 'commit' }>): void {
    for (const { hash, text } of templates) this.#statements.template.run(hash, text);
    for (const { kind, id, data, template } of changes) {
      if (data === undefined) this.#statements.remove.run(swarm, kind, id);
      else this.#statements.put.run(swarm, kind, id, template ?? null, data);
    }
    this.#statements.swarm.run(swarm, version);
  }

  saveDocument(key: string, data: unknown): void {
    this.#statements.document.run(key, JSON.stringify(data));
  }

  /** Removes everything of a swarm that no machine is a member of any more. */
  forget(swarm: string): void {
    this.#database.prepare('DELETE FROM objects WHERE swarm = ?').run(swarm);
    this.#database.prepare('DELETE FROM swarms WHERE id = ?').run(swarm);
  }

  load(): SavedState {
    this.#database.exec(
      'DELETE FROM templates WHERE hash NOT IN (SELECT template FROM objects WHERE template IS NOT NULL)',
    );
    const templates = new Map<string, Record<string, unknown>>();
    for (const row of this.#all('SELECT hash, data FROM templates', templateRow)) {
      templates.set(row.hash, JSON.parse(row.data));
    }
    const state: SavedState = { swarms: {}, documents: {} };
    for (const { id, version } of this.#all('SELECT id, version FROM swarms', swarmRow)) {
      state.swarms[id] = { version, objects: [] };
    }
    for (const row of this.#all('SELECT swarm, kind, template, data FROM objects', objectRow)) {
      const shared = row.template === null ? {} : templates.get(row.template);
      state.swarms[row.swarm]?.objects.push({ kind: row.kind, data: { ...JSON.parse(row.data), ...shared } });
    }
    for (const row of this.#all('SELECT key, data FROM documents', documentRow)) {
      state.documents[row.key] = JSON.parse(row.data);
    }
    return state;
  }

  close(): void {
    this.#database.close();
  }

  #all<T>(sql: string, schema: z.ZodType<T>): T[] {
    return this.#database
      .prepare(sql)
      .all()
      .map((row) => schema.parse(row));
  }

  #migrate(path: string): void {
    const { user_version: version } = z
      .object({ user_version: z.number() })
      .parse(this.#database.prepare('PRAGMA user_version').get());
    if (version > MIGRATIONS.length) throw new Error(`${path} was written by a newer version of swarmlab`);
    for (const [step, sql] of MIGRATIONS.entries()) {
      if (step < version) continue;
      this.transaction(() => this.#database.exec(`${sql} PRAGMA user_version = ${step + 1};`));
    }
  }
}
