import { readFile, rename, rm, writeFile } from 'node:fs/promises';
import { z } from 'zod';
import type { NodeNetworkState } from '../../orchestrator/dispatcher/protocol.ts';
import type { NetworkSpec } from '../../orchestrator/model/specs.ts';

/** Counted up when the shape of the file changes; a file of another shape is not read. */
const VERSION = 1;

const endpoint = z.object({
  taskId: z.string(),
  name: z.string(),
  aliases: z.array(z.string()),
  serviceId: z.string(),
  address: z.string(),
  nodeId: z.string(),
  nodeAddress: z.string(),
  active: z.boolean(),
});

const service = z.object({
  id: z.string(),
  name: z.string(),
  vip: z.string().optional(),
  aliases: z.array(z.string()),
  backends: z.array(z.string()),
});

const overlay = z.object({
  id: z.string(),
  createdAt: z.string(),
  // The manager's own, shown again as it stands.
  spec: z.custom<NetworkSpec>((value) => z.looseObject({ Name: z.string() }).safeParse(value).success),
  subnet: z.string(),
  gateway: z.string(),
  vni: z.number().int(),
  more: z.array(z.object({ subnet: z.string(), gateway: z.string() })).optional(),
  nodeAddress: z.string(),
  peers: z.array(z.object({ nodeId: z.string(), address: z.string(), overlayAddress: z.string() })),
  endpoints: z.array(endpoint),
  services: z.array(service),
});

const publishedPort = z.object({
  protocol: z.enum(['tcp', 'udp', 'sctp']),
  publishedPort: z.number().int(),
  targetPort: z.number().int(),
  serviceId: z.string(),
  serviceName: z.string(),
  backends: z.array(z.string()),
});

const savedFile = z.object({
  version: z.literal(VERSION),
  state: z.object({
    nodeId: z.string(),
    overlays: z.array(overlay),
    nodeLocal: z.array(z.object({ id: z.string(), name: z.enum(['bridge', 'host']) })),
    published: z.array(publishedPort),
  }),
});

/**
 * What the manager said last, in a file: an agent that starts again while no manager can be reached goes on with it, so that names
 * are answered and ports are held.
 */
export class SavedState {
  readonly #path: string;
  readonly #log: (message: string) => void;
  #wanted: NodeNetworkState | undefined;
  #writing: Promise<void> | undefined;

  constructor(path: string, log: (message: string) => void) {
    this.#path = path;
    this.#log = log;
  }

  /** The state of the file, or undefined when there is none that can be read. */
  async load(): Promise<NodeNetworkState | undefined> {
    try {
      return savedFile.parse(JSON.parse(await readFile(this.#path, 'utf8'))).state;
    } catch {
      return undefined;
    }
  }

  /** Writes in the background; of several states that come while one is written only the last is written too. */
  save(state: NodeNetworkState): void {
    this.#wanted = state;
    this.#writing ??= this.#write();
  }

  async remove(): Promise<void> {
    this.#wanted = undefined;
    await this.#writing;
    await rm(this.#path, { force: true });
  }

  async #write(): Promise<void> {
    try {
      while (this.#wanted) {
        const state = this.#wanted;
        this.#wanted = undefined;
        await writeFile(`${this.#path}.new`, JSON.stringify({ version: VERSION, state }), { mode: 0o600 });
        await rename(`${this.#path}.new`, this.#path);
      }
    } catch (error) {
      this.#log(`network: ${error instanceof Error ? error.message : String(error)}`);
    } finally {
      this.#writing = undefined;
    }
  }
}
