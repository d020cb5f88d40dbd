import { z } from 'zod';
import type { Clock } from '../clock/clock.ts';
import type { Variables } from '../labs/template.ts';
import type { Database } from './database/database.ts';
import type { StepResultRow, WorkspaceRow } from './database/tables.ts';
import { type VerdictView, verdictView } from './view/workspace-view.ts';

const facts = z.record(z.string(), z.union([z.string(), z.number(), z.boolean()]));

const answer = z.array(z.string());
const began = z.record(z.string(), z.number());

/** The student's answers to the questions of a lab, by item. */
export type Answers = Readonly<Record<string, readonly string[]>>;

const judged = z.array(z.boolean());

/** Yes or no to a question's options, in the order in which that attempt shows them. */
export interface Judgements {
  attempt: number;
  judged: readonly boolean[];
}

/** A workspace as it is kept. */
export interface WorkspaceRecord {
  id: string;
  userId: string;
  lab: string;
  variant: string | undefined;
  cluster: string;
  seed: string;
  facts: Variables;
}

/** How a step stands, as it is kept. */
export interface StepRecord {
  step: string;
  passed: boolean;
  points: number;
  hintsShown: number;
  verdicts: VerdictView[];
  /** For each node, the sequence number of the last request that was witnessed before the step began. */
  began: Readonly<Record<string, number>>;
}

/** Everything about workspaces that outlives the server. */
export class WorkspaceStore {
  readonly #database: Database;
  readonly #clock: Clock;

  constructor(database: Database, clock: Clock) {
    this.#database = database;
    this.#clock = clock;
  }

  async all(): Promise<WorkspaceRecord[]> {
    return (await this.#database.selectFrom('workspaces').selectAll().orderBy('created_at').execute()).map(fromRow);
  }

  async get(id: string): Promise<WorkspaceRecord | undefined> {
    const row = await this.#database.selectFrom('workspaces').selectAll().where('id', '=', id).executeTakeFirst();
    return row && fromRow(row);
  }

  /** When the student began, in milliseconds since the epoch: with the workspace, or when they last started over. */
  async startedAt(id: string): Promise<number> {
    const row = await this.#database
      .selectFrom('workspaces')
      .select('created_at')
      .where('id', '=', id)
      .executeTakeFirst();
    return row?.created_at ?? this.#clock.now();
  }

  async ofUser(userId: string): Promise<WorkspaceRecord[]> {
    const rows = await this.#database.selectFrom('workspaces').selectAll().where('user_id', '=', userId).execute();
    return rows.map(fromRow);
  }

  async add(record: WorkspaceRecord): Promise<void> {
    await this.#database
      .insertInto('workspaces')
      .values({
        id: record.id,
        user_id: record.userId,
        lab: record.lab,
        variant: record.variant ?? '',
        cluster: record.cluster,
        seed: record.seed,
        facts_json: JSON.stringify(record.facts),
        created_at: this.#clock.now(),
      })
      .execute();
  }

  async remove(id: string): Promise<void> {
    await this.#database.deleteFrom('workspaces').where('id', '=', id).execute();
  }

  async setFacts(id: string, known: Variables): Promise<void> {
    await this.#database
      .updateTable('workspaces')
      .set({ facts_json: JSON.stringify(known) })
      .where('id', '=', id)
      .execute();
  }

  async steps(workspaceId: string): Promise<StepRecord[]> {
    const rows = await this.#database
      .selectFrom('step_results')
      .selectAll()
      .where('workspace_id', '=', workspaceId)
      .execute();
    return rows.map((row) => ({
      step: row.step,
      passed: row.passed === 1,
      points: row.points,
      hintsShown: row.hints_shown,
      verdicts: z.array(verdictView).parse(JSON.parse(row.verdicts_json)),
      began: began.parse(JSON.parse(row.began_json)),
    }));
  }

  async setStep(workspaceId: string, record: StepRecord): Promise<void> {
    const values: StepResultRow = {
      workspace_id: workspaceId,
      step: record.step,
      passed: record.passed ? 1 : 0,
      points: record.points,
      hints_shown: record.hintsShown,
      verdicts_json: JSON.stringify(record.verdicts),
      began_json: JSON.stringify(record.began),
      changed_at: this.#clock.now(),
    };
    await this.#database
      .insertInto('step_results')
      .values(values)
      .onConflict((conflict) => conflict.columns(['workspace_id', 'step']).doUpdateSet(values))
      .execute();
  }

  /** Forgets what was done in the workspace, not the workspace. */
  async clear(workspaceId: string): Promise<void> {
    await this.#database.transaction().execute(async (transaction) => {
      await transaction.deleteFrom('step_results').where('workspace_id', '=', workspaceId).execute();
      await transaction.deleteFrom('judgements').where('workspace_id', '=', workspaceId).execute();
      await transaction.deleteFrom('answers').where('workspace_id', '=', workspaceId).execute();
      await transaction.deleteFrom('terminals').where('workspace_id', '=', workspaceId).execute();
      await transaction
        .updateTable('workspaces')
        .set({ facts_json: '{}', created_at: this.#clock.now() })
        .where('id', '=', workspaceId)
        .execute();
    });
  }

  async answers(workspaceId: string): Promise<Answers> {
    const rows = await this.#database
      .selectFrom('answers')
      .select(['item', 'answer_json'])
      .where('workspace_id', '=', workspaceId)
      .execute();
    return Object.fromEntries(rows.map((row) => [row.item, answer.parse(JSON.parse(row.answer_json))]));
  }

  async setAnswer(workspaceId: string, item: string, given: readonly string[]): Promise<void> {
    const values = {
      workspace_id: workspaceId,
      item,
      answer_json: JSON.stringify(given),
      changed_at: this.#clock.now(),
    };
    await this.#database
      .insertInto('answers')
      .values(values)
      .onConflict((conflict) => conflict.columns(['workspace_id', 'item']).doUpdateSet(values))
      .execute();
  }

  async removeAnswer(workspaceId: string, item: string): Promise<void> {
    await this.#database
      .deleteFrom('answers')
      .where('workspace_id', '=', workspaceId)
      .where('item', '=', item)
      .execute();
  }

  /** Yes or no to the options that were shown until now, by item. */
  async judgements(workspaceId: string): Promise<ReadonlyMap<string, Judgements>> {
    const rows = await this.#database
      .selectFrom('judgements')
      .selectAll()
      .where('workspace_id', '=', workspaceId)
      .execute();
    return new Map(
      rows.map((row) => [row.item, { attempt: row.attempt, judged: judged.parse(JSON.parse(row.judged_json)) }]),
    );
  }

  async setJudgements(workspaceId: string, item: string, given: Judgements): Promise<void> {
    const values = {
      workspace_id: workspaceId,
      item,
      attempt: given.attempt,
      judged_json: JSON.stringify(given.judged),
    };
    await this.#database
      .insertInto('judgements')
      .values(values)
      .onConflict((conflict) => conflict.columns(['workspace_id', 'item']).doUpdateSet(values))
      .execute();
  }

  async terminals(workspaceId: string): Promise<{ id: string; node: string }[]> {
    return this.#database
      .selectFrom('terminals')
      .select(['id', 'node'])
      .where('workspace_id', '=', workspaceId)
      .orderBy('created_at')
      .execute();
  }

  async addTerminal(workspaceId: string, terminal: { id: string; node: string }): Promise<void> {
    await this.#database
      .insertInto('terminals')
      .values({ ...terminal, workspace_id: workspaceId, created_at: this.#clock.now() })
      .execute();
  }

  async removeTerminal(id: string): Promise<void> {
    await this.#database.deleteFrom('terminals').where('id', '=', id).execute();
  }
}

function fromRow(row: WorkspaceRow): WorkspaceRecord {
  return {
    id: row.id,
    userId: row.user_id,
    lab: row.lab,
    variant: row.variant === '' ? undefined : row.variant,
    cluster: row.cluster,
    seed: row.seed,
    facts: facts.parse(JSON.parse(row.facts_json)),
  };
}
