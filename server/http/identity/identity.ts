import type { Clock } from '../../clock/clock.ts';
import type { Database } from '../../workspaces/database/database.ts';
import { digestOf, newToken } from './token.ts';
import { type User, userRole } from './user.ts';

const LINK_LIFETIME = 24 * 60 * 60_000;
const SESSION_LIFETIME = 30 * 24 * 60 * 60_000;

/** The one user of a local server. */
const SINGLE_USER: User = { id: 'single', role: 'single', name: 'student' };

/** Who is there, and by what they prove it: links that sign in once, sessions that a cookie carries. */
export class Identity {
  readonly #database: Database;
  readonly #clock: Clock;

  constructor(database: Database, clock: Clock) {
    this.#database = database;
    this.#clock = clock;
  }

  /** The user of a server that has only one; made when it is not there yet. */
  async singleUser(): Promise<User> {
    await this.#database
      .insertInto('users')
      .values({ ...SINGLE_USER, created_at: this.#clock.now() })
      .onConflict((conflict) => conflict.column('id').doNothing())
      .execute();
    return SINGLE_USER;
  }

  /** A token that signs `user` in once, within a day. Earlier ones that were not used are void from now on. */
  async newSignInToken(user: User): Promise<string> {
    const token = newToken();
    await this.#database.transaction().execute(async (transaction) => {
      await transaction.deleteFrom('sign_in_links').where('user_id', '=', user.id).execute();
      const expiresAt = this.#clock.now() + LINK_LIFETIME;
      await transaction
        .insertInto('sign_in_links')
        .values({ token_digest: digestOf(token), user_id: user.id, expires_at: expiresAt, used_at: null })
        .execute();
    });
    return token;
  }

  /** Trades a sign-in token for a session's token; undefined when it is unknown, used or too old. */
  async signIn(token: string): Promise<string | undefined> {
    const now = this.#clock.now();
    const link = await this.#database
      .updateTable('sign_in_links')
      .set({ used_at: now })
      .where('token_digest', '=', digestOf(token))
      .where('used_at', 'is', null)
      .where('expires_at', '>', now)
      .returning('user_id')
      .executeTakeFirst();
    if (link === undefined) return undefined;
    const session = newToken();
    await this.#database
      .insertInto('sessions')
      .values({
        token_digest: digestOf(session),
        user_id: link.user_id,
        created_at: now,
        expires_at: now + SESSION_LIFETIME,
      })
      .execute();
    return session;
  }

  /** Whose session it is; undefined when nobody's. */
  async userOf(session: string): Promise<User | undefined> {
    const row = await this.#database
      .selectFrom('sessions')
      .innerJoin('users', 'users.id', 'sessions.user_id')
      .select(['users.id', 'users.role', 'users.name'])
      .where('sessions.token_digest', '=', digestOf(session))
      .where('sessions.expires_at', '>', this.#clock.now())
      .executeTakeFirst();
    return row && { id: row.id, role: userRole.parse(row.role), name: row.name };
  }

  async signOut(session: string): Promise<void> {
    await this.#database.deleteFrom('sessions').where('token_digest', '=', digestOf(session)).execute();
  }
}
