import { z } from 'zod';
import { clusterChange, clusterView } from './cluster-view.ts';
import { clusterStatus, stepProgress, terminalView, workspaceView } from './workspace-view.ts';

/** What a page is told over its live socket. The first messages are `workspace` and `cluster`: all there is. */
export const liveMessage = z.discriminatedUnion('type', [
  z.object({ type: z.literal('workspace'), workspace: workspaceView }),
  z.object({ type: z.literal('status'), status: clusterStatus }),
  z.object({ type: z.literal('cluster'), cluster: clusterView }),
  z.object({ type: z.literal('change'), change: clusterChange }),
  z.object({ type: z.literal('step'), progress: stepProgress }),
  z.object({ type: z.literal('terminals'), terminals: z.array(terminalView) }),
]);
export type LiveMessage = z.infer<typeof liveMessage>;

/** What a page says: which step's checks to look at again whenever the cluster changes. */
export const liveRequest = z.strictObject({ type: z.literal('watch'), step: z.string().max(100).nullable() });
