import { z } from 'zod';

/** A request that a student's client made, as the gateway's witness wrote it down and the node's agent hands it out. */
export const witnessedRequestSchema = z.object({
  sequence: z.number(),
  /** RFC 3339. */
  at: z.string(),
  method: z.string(),
  /** Without API version and query, encoded as the client wrote it. */
  path: z.string(),
  query: z.record(z.string(), z.string()),
  /** The `filters` parameter taken apart. */
  filters: z.record(z.string(), z.array(z.string())),
  /** Only a `command` speaks for the student; the rest is what the docker client does by itself. */
  client: z.enum(['command', 'polling', 'completion', 'probe']),
  /** Missing while it is not answered. */
  status: z.number().optional(),
});
export type WitnessedRequest = z.infer<typeof witnessedRequestSchema>;
