import type { TimeKeeper } from '../../clock/time-keeper.ts';
import type { Exchange } from '../../gateway/exchange.ts';
import type { Attendance } from '../../gateway/gateway.ts';
import type { SwarmMachine } from '../../orchestrator/membership/swarm-machine.ts';
import { awaitConvergence } from './convergence.ts';

/** Virtual milliseconds between a request and its answer: what the client's process and the way take on a real node. */
const REQUEST_TAKES = 20;

/**
 * Lets virtual time pass for the clients of a node: a moment for each request, and as long as it takes for one that is not answered
 * otherwise. A client that asks again and again whether its service has converged is answered once it has, having stayed so as long as the
 * client would have watched it: what it does in real time with a look every 200 ms.
 */
export function clientTime(time: TimeKeeper, machine: SwarmMachine): Attendance {
  const ended = new WeakMap<Exchange, AbortSignal>();
  return {
    began(exchange) {
      const { res, raw } = exchange;
      const ending = new AbortController();
      const open = time.request(() => res.headersSent || raw?.handedOver === true);
      const end = () => {
        open.dispose();
        ending.abort();
      };
      // Answered is answered, however long the client takes to read it.
      res.once('finish', end).once('close', end);
      raw?.stream.once('close', end);
      ended.set(exchange, ending.signal);
    },
    async due(exchange) {
      const { target } = exchange;
      await new Promise<void>((resolve) => time.clock.after(REQUEST_TAKES, resolve));
      const signal = ended.get(exchange);
      if (signal !== undefined && target.method === 'GET' && target.path === '/tasks')
        await awaitConvergence(time.clock, machine, new URLSearchParams(target.query).get('filters'), signal);
    },
  };
}
