import { z } from 'zod';
import { SwarmlabError } from '../../errors/swarmlab-error.ts';
import { type FileListing, fileListing, VERSION_HEADER } from '../../files/protocol.ts';
import { callAgent } from '../agent-call.ts';
import type { OpenCluster } from '../cluster/cluster-door.ts';

const versionHeader = z.object({ [VERSION_HEADER]: z.string() });

/** The student's files on the nodes of one workspace. Calls reject with what the node says, or with SL_HOST_UNREACHABLE. */
export class WorkspaceFiles {
  readonly #cluster: () => OpenCluster;

  /** `cluster` gives the cluster that is up, or throws SL_WORKSPACE_BUSY. */
  constructor(cluster: () => OpenCluster) {
    this.#cluster = cluster;
  }

  async list(node: string): Promise<FileListing> {
    return fileListing.parse(JSON.parse((await this.#call(node, 'GET', '')).body.toString()));
  }

  async read(node: string, path: string): Promise<{ version: string; content: Buffer }> {
    const { headers, body } = await this.#call(node, 'GET', contentOf(path));
    return { version: versionHeader.parse(headers)[VERSION_HEADER], content: body };
  }

  /** Writes a file and gives its new version; see `StudentFiles.write`. */
  async write(node: string, path: string, content: Uint8Array, condition: string | undefined): Promise<string> {
    const headers = { ...(condition !== undefined && { [VERSION_HEADER]: condition }) };
    const answer = await this.#call(node, 'PUT', contentOf(path), { body: content, headers });
    return versionHeader.parse(answer.headers)[VERSION_HEADER];
  }

  async remove(node: string, path: string): Promise<void> {
    await this.#call(node, 'DELETE', contentOf(path));
  }

  async makeFolder(node: string, path: string): Promise<void> {
    await this.#call(node, 'POST', '/folders', { body: JSON.stringify({ path }) });
  }

  async move(node: string, from: string, to: string): Promise<void> {
    await this.#call(node, 'POST', '/moves', { body: JSON.stringify({ from, to }) });
  }

  #call(node: string, method: string, path: string, options: Parameters<typeof callAgent>[3] = {}) {
    const found = this.#cluster().nodes.find(({ name }) => name === node);
    if (found === undefined) throw new SwarmlabError('SL_NODE_NOT_FOUND', `the cluster has no node ${node}`);
    return callAgent(found.agentSocket, method, `/v0/files${path}`, options);
  }
}

function contentOf(path: string): string {
  return `/content?path=${encodeURIComponent(path)}`;
}
