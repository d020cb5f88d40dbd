import type { ContainerStatus, PortStatus, Task } from '../../orchestrator/model/objects.ts';
import type { TaskController } from './task-controller.ts';

/**
 * A task that has no container of its own: it holds an address on an overlay for a container that somebody started by hand. It runs
 * until the manager takes it away.
 */
export class AttachmentController implements TaskController {
  readonly containerName: string;

  constructor(task: Task) {
    this.containerName = task.Spec.NetworkAttachmentSpec?.ContainerID ?? '';
  }

  containerStatus(): ContainerStatus {
    return { ContainerID: this.containerName, PID: 0, ExitCode: 0 };
  }

  portStatus(): PortStatus {
    return {};
  }

  wait(signal: AbortSignal): Promise<void> {
    return new Promise((_, reject) => {
      signal.addEventListener('abort', () => reject(signal.reason), { once: true });
    });
  }

  async prepare(): Promise<void> {}
  async start(): Promise<void> {}
  async shutdown(): Promise<void> {}
  async remove(): Promise<void> {}
  close(): void {}
}
