import { isMainThread, parentPort } from 'node:worker_threads';
import { StudentFiles } from '../../../files/student-files.ts';
import { spawnNodePty } from '../../../terminals/node-pty.ts';
import { EmbeddedAgentApi } from '../embedded-agent-api.ts';
import type { AgentThreadMessage, AgentThreadRequest, NodeFacts } from './messages.ts';

/**
 * The thread in which real shells of embedded nodes have their terminals, and students their files: a letter that somebody types is
 * shown although the engines of twenty-five clusters, their orchestrators and all simulated programs compute in the process's own thread.
 */
const port = parentPort;
if (isMainThread || port === null) throw new Error('this is a thread of a cluster host');

const nodes = new Map<number, EmbeddedAgentApi>();
const asked = new Map<number, (facts: NodeFacts) => void>();
let tickets = 0;

const say = (message: AgentThreadMessage) => port.postMessage(message);

function ask(node: number, since: number): Promise<NodeFacts> {
  const ticket = ++tickets;
  return new Promise((resolve) => {
    asked.set(ticket, resolve);
    say({ type: 'ask', ticket, node, since });
  });
}

async function serve({ node, socket, prefix }: Extract<AgentThreadRequest, { type: 'serve' }>): Promise<void> {
  const environment = { PATH: process.env.PATH ?? '' };
  const [file = '', ...args] = [...prefix, 'env', 'TERM=xterm-256color', 'bash', '--login'];
  const api = await EmbeddedAgentApi.listen(socket, {
    openTerminal: (size) => spawnNodePty({ file, args, cwd: '/', env: {} }, size),
    files: new StudentFiles((command) => ({ words: [...prefix, ...command], environment })),
    requests: async (since) => (await ask(node, since)).requests,
    isConnected: async () => (await ask(node, Number.POSITIVE_INFINITY)).connected,
  });
  nodes.set(node, api);
}

port.on('message', (request: AgentThreadRequest) => {
  switch (request.type) {
    case 'serve':
      serve(request).then(
        () => say({ type: 'serving', node: request.node }),
        (error: unknown) => say({ type: 'serving', node: request.node, problem: String(error) }),
      );
      return;
    case 'close':
      nodes.get(request.node)?.dispose();
      nodes.delete(request.node);
      return;
    case 'facts':
      asked.get(request.ticket)?.(request.facts);
      asked.delete(request.ticket);
  }
});
