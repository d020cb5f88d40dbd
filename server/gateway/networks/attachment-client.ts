import { z } from 'zod';
import { ControlError } from '../../orchestrator/api/control-error.ts';
import type { AttachmentOptions, NetworkAttachment } from '../../orchestrator/membership/swarm-machine.ts';
import { type JsonApi, succeeded } from './json-api.ts';
import { refusalOf } from './network-directory.ts';

const attachment = z.object({
  taskId: z.string(),
  networkId: z.string(),
  networkName: z.string(),
  address: z.string(),
});

/** Asks the orchestrator for addresses of plain containers. */
export class AttachmentClient {
  readonly #swarm: JsonApi;

  constructor(swarm: JsonApi) {
    this.#swarm = swarm;
  }

  /**
   * Attaches a container to an overlay, by ID or name. Undefined when this node is in no swarm that could; throws 500 with Docker's text
   * when the container may not.
   */
  async attach(
    target: string,
    containerId: string,
    options: AttachmentOptions,
  ): Promise<NetworkAttachment | undefined> {
    const body = { target, containerId, ...options };
    const answer = await this.#swarm({ method: 'POST', path: '/attachments', body });
    if (succeeded(answer)) return attachment.parse(answer.body);
    if (answer.status === 503) return undefined;
    const { message } = refusalOf(answer.status, answer.body);
    const prefix = `Could not attach to network ${target}: `;
    if (message.startsWith(prefix) || message.startsWith('attaching to network failed'))
      throw new ControlError(500, message);
    const isMissing = answer.status === 404 && !message.startsWith('rpc error: ');
    throw new ControlError(500, prefix + (isMissing ? `rpc error: code = NotFound desc = ${message}` : message));
  }

  /** Ends an attachment; there may be none. A swarm that cannot be reached forgets it with the node. */
  async detach(networkId: string, containerId: string): Promise<void> {
    await this.#swarm({ method: 'DELETE', path: `/attachments/${networkId}/${containerId}` });
  }
}
