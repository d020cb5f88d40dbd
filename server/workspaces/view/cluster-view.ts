import { z } from 'zod';

/** A node of the swarm, as a manager sees it. */
export const nodeView = z.object({
  id: z.string(),
  hostname: z.string(),
  role: z.enum(['manager', 'worker']),
  leader: z.boolean(),
  state: z.string(),
  availability: z.string(),
  address: z.string(),
});
export type NodeView = z.infer<typeof nodeView>;

export const serviceView = z.object({
  id: z.string(),
  name: z.string(),
  mode: z.enum(['replicated', 'global', 'replicated-job', 'global-job']),
  image: z.string(),
  /** Tasks that are to run (or to complete). */
  wanted: z.number(),
  /** Tasks observed running on a node that is not down. */
  running: z.number(),
  ports: z.array(z.string()),
  update: z.string().optional(),
});
export type ServiceView = z.infer<typeof serviceView>;

export const taskView = z.object({
  id: z.string(),
  /** `web.1`, or `web.<node>` of a global service. */
  name: z.string(),
  serviceId: z.string(),
  nodeId: z.string(),
  slot: z.number(),
  state: z.string(),
  desired: z.string(),
  message: z.string(),
  error: z.string(),
  image: z.string(),
  /** The states it was seen in, in order, each with when it came to it (RFC 3339). */
  history: z.array(z.object({ state: z.string(), at: z.string() })),
});
export type TaskView = z.infer<typeof taskView>;

/** What the live view shows. `swarm` is `none` where no node is in a swarm, `unavailable` where no manager answers. */
export const clusterView = z.object({
  swarm: z.enum(['unknown', 'active', 'none', 'unavailable']),
  reason: z.string(),
  nodes: z.array(nodeView),
  services: z.array(serviceView),
  tasks: z.array(taskView),
});
export type ClusterView = z.infer<typeof clusterView>;

/** What has changed since the last one: objects whole, by id. */
export const clusterChange = z.object({
  swarm: clusterView.shape.swarm,
  reason: z.string(),
  nodes: z.array(nodeView),
  services: z.array(serviceView),
  tasks: z.array(taskView),
  removed: z.array(z.string()),
});
export type ClusterChange = z.infer<typeof clusterChange>;
