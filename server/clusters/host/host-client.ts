import { type IncomingMessage, request } from 'node:http';
import { createInterface } from 'node:readline';
import { CATALOGUE, type ErrorCode } from '../../errors/catalogue.ts';
import { SwarmlabError } from '../../errors/swarmlab-error.ts';
import type { Progress } from '../progress.ts';
import {
  commandPrefix,
  type HostFailure,
  type HostState,
  hostFailure,
  hostState,
  type NodeAction,
  progressLine,
} from './host-api.ts';
import type { CommandUser } from './hosted-cluster.ts';
import { type ExplainedTask, taskExplanation } from './task-explanation.ts';

/** The cluster host as its clients see it. Every method rejects with the host's own SwarmlabError. */
export class HostClient {
  readonly #socketPath: string;

  constructor(socketPath: string) {
    this.#socketPath = socketPath;
  }

  async state(): Promise<HostState> {
    return hostState.parse(JSON.parse(await this.#call('GET', '/v0/state')));
  }

  /** Tells of each step until the cluster is ready; rejects with the reason when it has failed. */
  async followProgress(progress: Progress): Promise<void> {
    const response = await this.#open('GET', '/v0/progress');
    let cause: unknown;
    try {
      for await (const text of createInterface({ input: response })) {
        const line = progressLine.parse(JSON.parse(text));
        if ('text' in line) progress(line.text);
        else if (line.failure) throw asError(line.failure);
        else return;
      }
    } catch (error) {
      if (error instanceof SwarmlabError) throw error;
      cause = error;
    }
    throw new SwarmlabError('SL_HOST_UNREACHABLE', 'the cluster host ended before the cluster was ready', { cause });
  }

  /** Calls back for every change in the cluster's swarms until aborted, or until there is no host any more. Does not reject. */
  async followChanges(changed: () => void, signal: AbortSignal): Promise<void> {
    try {
      const response = await this.#open('GET', '/v0/changes', signal);
      for await (const _lines of response) changed();
    } catch {
      // Whoever follows has other ways to see what there is, and comes back.
    }
  }

  /** Removes the cluster; the host ends itself afterwards. */
  async down(): Promise<void> {
    await this.#call('POST', '/v0/down');
  }

  async act(node: string, action: NodeAction): Promise<void> {
    await this.#call('POST', `/v0/nodes/${encodeURIComponent(node)}/${action}`);
  }

  /** Why a task is where it is. */
  async explain(task: string): Promise<ExplainedTask> {
    return taskExplanation.parse(JSON.parse(await this.#call('GET', `/v0/explain/${encodeURIComponent(task)}`)));
  }

  /** Where nodes are not containers: the words in front of a command that is to run on the node. */
  async commandPrefix(node: string, user: CommandUser): Promise<string[]> {
    return commandPrefix.parse(
      JSON.parse(await this.#call('GET', `/v0/nodes/${encodeURIComponent(node)}/command/${user}`)),
    );
  }

  async #call(method: string, path: string): Promise<string> {
    const response = await this.#open(method, path);
    const text = await collect(response);
    if ((response.statusCode ?? 500) < 400) return text;
    const failure = hostFailure.safeParse(parsed(text));
    throw failure.success ? asError(failure.data) : new SwarmlabError('SL_HOST_UNREACHABLE', text);
  }

  #open(method: string, path: string, signal?: AbortSignal): Promise<IncomingMessage> {
    return new Promise((resolve, reject) => {
      const call = request({ socketPath: this.#socketPath, method, path, ...(signal && { signal }) });
      call.once('response', resolve);
      call.once('error', (error) =>
        reject(
          new SwarmlabError('SL_HOST_UNREACHABLE', `the cluster host does not answer: ${error.message}`, {
            cause: error,
          }),
        ),
      );
      call.end();
    });
  }
}

function asError(failure: HostFailure): SwarmlabError {
  const code = (Object.hasOwn(CATALOGUE, failure.code) ? failure.code : 'SL_INTERNAL') as ErrorCode;
  return new SwarmlabError(code, failure.message, failure.next === undefined ? {} : { next: failure.next });
}

async function collect(stream: AsyncIterable<Buffer>): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(chunk);
  return Buffer.concat(chunks).toString();
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
