import type { ContainerStatus, PortStatus } from '../../orchestrator/model/objects.ts';

/**
 * Takes one task through its life on this node. Every method may be called again after it was cut short: what is done already is
 * found done. A rejection is the task's failure with that message, unless the signal was aborted.
 */
export interface TaskController {
  /** Gets everything ready up to a created container. */
  prepare(signal: AbortSignal): Promise<void>;
  /** Starts it; resolves when it runs and, if it has a health check, is healthy. */
  start(signal: AbortSignal): Promise<void>;
  /** Resolves when it has ended well; rejects when it ended otherwise. */
  wait(signal: AbortSignal): Promise<void>;
  /** Takes it out of the network's service, then stops it with its grace period. */
  shutdown(signal: AbortSignal): Promise<void>;
  /** Stops it if it still runs, and removes what it left on the node. */
  remove(): Promise<void>;
  /** Stops watching; what runs goes on running. */
  close(): void;
  /** What is known of the container, asked for after each step of the task. */
  containerStatus(): ContainerStatus;
  portStatus(): PortStatus;
  /** Where logs come from. */
  readonly containerName: string;
}
