import { z } from 'zod';

const taskState = z.string();

/** GET /v0/explain/TASK */
export const taskExplanation = z.object({
  taskId: z.string(),
  name: z.string(),
  state: taskState,
  desiredState: taskState,
  nodeId: z.string().optional(),
  summary: z.string(),
  way: z.array(z.object({ state: taskState, at: z.string(), message: z.string(), error: z.string().optional() })),
  nodes: z.array(
    z.object({
      nodeId: z.string(),
      hostname: z.string(),
      refusedBy: z.string().optional(),
      serviceTasks: z.number(),
      totalTasks: z.number(),
      recentFailures: z.number(),
    }),
  ),
  history: z.array(
    z.object({
      taskId: z.string(),
      state: taskState,
      nodeId: z.string().optional(),
      message: z.string(),
      error: z.string().optional(),
    }),
  ),
  restarts: z.object({ done: z.number(), limit: z.number().optional() }),
});
export type ExplainedTask = z.infer<typeof taskExplanation>;
