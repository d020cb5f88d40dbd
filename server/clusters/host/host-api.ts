import { z } from 'zod';
import { clusterRecord } from '../cluster-record.ts';

/** What the cluster host and its clients say to each other over host.sock. */

/** An error as it crosses the socket: code of the catalogue, message, what to do next. */
export const hostFailure = z.object({ code: z.string(), message: z.string(), next: z.string().optional() });
export type HostFailure = z.infer<typeof hostFailure>;

const progressEntry = z.object({ at: z.string(), text: z.string() });

/** GET /v0/state */
export const hostState = z.object({
  phase: z.enum(['creating', 'ready', 'failed', 'removing']),
  progress: z.array(progressEntry),
  /** Absent until the cluster's network is there. */
  record: clusterRecord.optional(),
  failure: hostFailure.optional(),
});
export type HostState = z.infer<typeof hostState>;

/** A line of GET /v0/progress. The last one has the phase that was reached. */
export const progressLine = z.union([
  progressEntry,
  z.object({ phase: hostState.shape.phase, failure: hostFailure.optional() }),
]);
export type ProgressLine = z.infer<typeof progressLine>;

/** GET /v0/changes: a line for each change in the cluster's swarms, one for all that come within so many milliseconds. */
export const CHANGES_APART = 40;

/** POST /v0/nodes/NODE/ACTION */
export const nodeAction = z.enum(['stop', 'start', 'disconnect', 'connect']);
export type NodeAction = z.infer<typeof nodeAction>;

/** GET /v0/nodes/NODE/command/USER: the words in front of a command. */
export const commandUser = z.enum(['student', 'grader']);
export const commandPrefix = z.array(z.string());
