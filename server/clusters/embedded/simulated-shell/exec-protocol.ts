import { z } from 'zod';
import { commandUser } from '../../host/host-api.ts';

/** What a command on a simulated shell says to the cluster host, as the first line of a connection; its input follows as it is. */
export const execCall = z.object({ node: z.string(), user: commandUser, argv: z.array(z.string()) });
export type ExecCall = z.infer<typeof execCall>;

/** A line of the answer: what it printed, and last of all the exit code. */
export const execLine = z.union([
  z.object({ stdout: z.string() }),
  z.object({ stderr: z.string() }),
  z.object({ exitCode: z.number() }),
]);
export type ExecLine = z.infer<typeof execLine>;
