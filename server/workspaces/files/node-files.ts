import { z } from 'zod';
import { type FileListing, fileListing, VERSION_HEADER } from '../../files/protocol.ts';
import { callAgent } from '../agent-call.ts';

const versionHeader = z.object({ [VERSION_HEADER]: z.string() });

/** The student's files on one node, over its agent's socket. Calls reject with what the node says, or with SL_HOST_UNREACHABLE. */
export class NodeFiles {
  readonly #socketPath: string;

  constructor(agentSocket: string) {
    this.#socketPath = agentSocket;
  }

  async list(): Promise<FileListing> {
    return fileListing.parse(JSON.parse((await this.#call('GET', '')).body.toString()));
  }

  async read(path: string): Promise<{ version: string; content: Buffer }> {
    const { headers, body } = await this.#call('GET', contentOf(path));
    return { version: versionHeader.parse(headers)[VERSION_HEADER], content: body };
  }

  /** Writes a file and gives its new version; see `StudentFiles.write`. */
  async write(path: string, content: Uint8Array, condition: string | undefined): Promise<string> {
    const headers = { ...(condition !== undefined && { [VERSION_HEADER]: condition }) };
    const answer = await this.#call('PUT', contentOf(path), { body: content, headers });
    return versionHeader.parse(answer.headers)[VERSION_HEADER];
  }

  async remove(path: string): Promise<void> {
    await this.#call('DELETE', contentOf(path));
  }

  async makeFolder(path: string): Promise<void> {
    await this.#call('POST', '/folders', { body: JSON.stringify({ path }) });
  }

  async move(from: string, to: string): Promise<void> {
    await this.#call('POST', '/moves', { body: JSON.stringify({ from, to }) });
  }

  #call(method: string, path: string, options: Parameters<typeof callAgent>[3] = {}) {
    return callAgent(this.#socketPath, method, `/v0/files${path}`, options);
  }
}

function contentOf(path: string): string {
  return `/content?path=${encodeURIComponent(path)}`;
}
