import type { Kysely, Migration } from 'kysely';

/** Every version of the database, in the order of its names. A migration that was released is never changed, only followed. */
export const MIGRATIONS: Record<string, Migration> = {
  '0001-identity': {
    async up(database: Kysely<unknown>): Promise<void> {
      await database.schema
        .createTable('users')
        .addColumn('id', 'text', (column) => column.primaryKey())
        .addColumn('role', 'text', (column) => column.notNull())
        .addColumn('name', 'text', (column) => column.notNull())
        .addColumn('created_at', 'integer', (column) => column.notNull())
        .execute();
      await database.schema
        .createTable('sign_in_links')
        .addColumn('token_digest', 'text', (column) => column.primaryKey())
        .addColumn('user_id', 'text', (column) => column.notNull().references('users.id').onDelete('cascade'))
        .addColumn('expires_at', 'integer', (column) => column.notNull())
        .addColumn('used_at', 'integer')
        .execute();
      await database.schema
        .createTable('sessions')
        .addColumn('token_digest', 'text', (column) => column.primaryKey())
        .addColumn('user_id', 'text', (column) => column.notNull().references('users.id').onDelete('cascade'))
        .addColumn('created_at', 'integer', (column) => column.notNull())
        .addColumn('expires_at', 'integer', (column) => column.notNull())
        .execute();
    },
  },
  '0002-workspaces': {
    async up(database: Kysely<unknown>): Promise<void> {
      await database.schema
        .createTable('workspaces')
        .addColumn('id', 'text', (column) => column.primaryKey())
        .addColumn('user_id', 'text', (column) => column.notNull().references('users.id').onDelete('cascade'))
        .addColumn('lab', 'text', (column) => column.notNull())
        .addColumn('variant', 'text', (column) => column.notNull())
        .addColumn('cluster', 'text', (column) => column.notNull().unique())
        .addColumn('seed', 'text', (column) => column.notNull())
        .addColumn('facts_json', 'text', (column) => column.notNull())
        .addColumn('created_at', 'integer', (column) => column.notNull())
        .addUniqueConstraint('one_workspace_a_lab', ['user_id', 'lab', 'variant'])
        .execute();
      await database.schema
        .createTable('terminals')
        .addColumn('id', 'text', (column) => column.primaryKey())
        .addColumn('workspace_id', 'text', (column) => column.notNull().references('workspaces.id').onDelete('cascade'))
        .addColumn('node', 'text', (column) => column.notNull())
        .addColumn('created_at', 'integer', (column) => column.notNull())
        .execute();
      await database.schema
        .createTable('step_results')
        .addColumn('workspace_id', 'text', (column) => column.notNull().references('workspaces.id').onDelete('cascade'))
        .addColumn('step', 'text', (column) => column.notNull())
        .addColumn('passed', 'integer', (column) => column.notNull())
        .addColumn('points', 'real', (column) => column.notNull())
        .addColumn('hints_shown', 'integer', (column) => column.notNull())
        .addColumn('verdicts_json', 'text', (column) => column.notNull())
        .addColumn('began_json', 'text', (column) => column.notNull())
        .addColumn('changed_at', 'integer', (column) => column.notNull())
        .addPrimaryKeyConstraint('one_result_a_step', ['workspace_id', 'step'])
        .execute();
      await database.schema
        .createTable('answers')
        .addColumn('workspace_id', 'text', (column) => column.notNull().references('workspaces.id').onDelete('cascade'))
        .addColumn('item', 'text', (column) => column.notNull())
        .addColumn('answer_json', 'text', (column) => column.notNull())
        .addColumn('changed_at', 'integer', (column) => column.notNull())
        .addPrimaryKeyConstraint('one_answer_an_item', ['workspace_id', 'item'])
        .execute();
      await database.schema
        .createTable('judgements')
        .addColumn('workspace_id', 'text', (column) => column.notNull().references('workspaces.id').onDelete('cascade'))
        .addColumn('item', 'text', (column) => column.notNull())
        .addColumn('attempt', 'integer', (column) => column.notNull())
        .addColumn('judged_json', 'text', (column) => column.notNull())
        .addPrimaryKeyConstraint('one_row_an_item', ['workspace_id', 'item'])
        .execute();
    },
  },
};
