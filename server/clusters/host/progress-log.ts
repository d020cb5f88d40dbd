import type { Progress } from '../progress.ts';

/** Something that has happened on the way to a running cluster. */
export interface ProgressEntry {
  /** RFC 3339. */
  at: string;
  text: string;
}

/** What has been done so far, for whoever asks now and whoever wants to follow. */
export class ProgressLog {
  readonly #entries: ProgressEntry[] = [];
  readonly #followers = new Set<(entry: ProgressEntry) => void>();

  readonly add: Progress = (text) => {
    const entry = { at: new Date().toISOString(), text };
    this.#entries.push(entry);
    for (const follower of this.#followers) follower(entry);
  };

  get entries(): readonly ProgressEntry[] {
    return this.#entries;
  }

  /** Calls back with everything so far and everything to come, until the returned function is called. */
  follow(follower: (entry: ProgressEntry) => void): () => void {
    for (const entry of this.#entries) follower(entry);
    this.#followers.add(follower);
    return () => this.#followers.delete(follower);
  }
}
