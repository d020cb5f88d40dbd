/**
 * The tables of the server's database. Times are milliseconds since the epoch; columns that end in `_json` hold JSON that whoever
 * reads it checks with a schema.
 */
export interface Tables {
  users: UserRow;
  sign_in_links: SignInLinkRow;
  sessions: SessionRow;
  workspaces: WorkspaceRow;
  terminals: TerminalRow;
  step_results: StepResultRow;
  answers: AnswerRow;
  judgements: JudgementsRow;
}

export interface UserRow {
  id: string;
  role: string;
  name: string;
  created_at: number;
}

/** A link that signs a user in, once. Only the token's digest is kept. */
export interface SignInLinkRow {
  token_digest: string;
  user_id: string;
  expires_at: number;
  used_at: number | null;
}

export interface SessionRow {
  token_digest: string;
  user_id: string;
  created_at: number;
  expires_at: number;
}

export interface WorkspaceRow {
  id: string;
  user_id: string;
  lab: string;
  /** Empty for the lab as such. */
  variant: string;
  cluster: string;
  /** What the lab's variables are drawn from. */
  seed: string;
  /** What checks have found and later steps refer to (`as: port`). */
  facts_json: string;
  created_at: number;
}

export interface TerminalRow {
  id: string;
  workspace_id: string;
  node: string;
  created_at: number;
}

/** How a step stands: its last verdicts, whether it was ever passed, how many hints were shown. */
export interface StepResultRow {
  workspace_id: string;
  step: string;
  passed: number;
  points: number;
  hints_shown: number;
  verdicts_json: string;
  /** For each node, how many requests of the student it had witnessed when the step began: later ones count for it. */
  began_json: string;
  changed_at: number;
}

/** What the student last answered to a question of the lab. */
export interface AnswerRow {
  workspace_id: string;
  item: string;
  answer_json: string;
  changed_at: number;
}

/** How far the student is in a question whose options are shown one at a time: yes or no to each, in the order of that attempt. */
export interface JudgementsRow {
  workspace_id: string;
  item: string;
  attempt: number;
  judged_json: string;
}
