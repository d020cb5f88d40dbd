import { dirname } from 'node:path';
import { Kysely, Migrator } from 'kysely';
import Sqlite from 'libsql';
import { isDiskFull, isFull } from '../../errors/disk-full.ts';
import { SwarmlabError } from '../../errors/swarmlab-error.ts';
import { ForgivingDialect } from './forgiving-dialect.ts';
import { MIGRATIONS } from './migrations.ts';
import type { Tables } from './tables.ts';

export type Database = Kysely<Tables>;

/**
 * Opens the server's database (a libsql file, made if it is not there; `:memory:` for none) and brings it to the newest version. What a
 * call has written survives the death of this process. Throws SL_INTERNAL when a migration fails; the file is then as it was before.
 */
export async function openDatabase(path: string): Promise<Database> {
  // On a full disk SQLite fails in many ways, few of which say why.
  if (path !== ':memory:' && isFull(dirname(path))) {
    throw new SwarmlabError('SL_DISK_FULL', `there is no room in ${dirname(path)}`);
  }
  const sqlite = new Sqlite(path);
  sqlite.pragma('journal_mode = WAL');
  sqlite.pragma('foreign_keys = ON');
  sqlite.pragma('busy_timeout = 5000');
  const database = new Kysely<Tables>({ dialect: new ForgivingDialect({ database: sqlite }) });
  const migrator = new Migrator({ db: database, provider: { getMigrations: async () => MIGRATIONS } });
  const { error } = await migrator.migrateToLatest();
  if (error !== undefined) {
    await database.destroy();
    if (isDiskFull(error)) throw new SwarmlabError('SL_DISK_FULL', `there is no room for ${path}`, { cause: error });
    const reason = error instanceof Error ? error.message : String(error);
    throw new SwarmlabError('SL_INTERNAL', `${path} cannot be brought to this version: ${reason}`, { cause: error });
  }
  return database;
}
