/** How a test of somebody else's suite ended; `other` is skipped, or failed or passed as its authors did not expect. */
export type Outcome = 'passed' | 'failed' | 'other';

/** The tests of one run, by name. */
export type Results = ReadonlyMap<string, Outcome>;

/** Swarm tests of a client library, kept elsewhere. */
export interface Suite {
  readonly name: string;
  /** Where it is cloned from when no checkout is given. */
  readonly source: string;
  /** The commit whose tests are run. */
  readonly commit: string;
  /** A file that a checkout has. */
  readonly landmark: string;
  /** Makes the checkout fit to run. Rejects with SL_NOT_SUPPORTED where what it needs is not there. */
  prepare(checkout: string): Promise<void>;
  /** Runs the tests against an engine (`unix:///...`) that is in no Swarm; `tell` hears why tests failed. */
  run(checkout: string, dockerHost: string, tell: (text: string) => void): Promise<Results>;
}
