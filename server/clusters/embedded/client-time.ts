import type { TimeKeeper } from '../../clock/time-keeper.ts';
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
  return {
    async due(exchange) {
      const { target, req, res, raw } = exchange;
      const ended = new AbortController();
      // Answered is answered, however long the client takes to read it.
      for (const event of ['finish', 'close']) res.once(event, () => ended.abort());
      raw?.stream.once('close', () => ended.abort());
      const wait = () => {
        if (ended.signal.aborted) return;
        const open = time.request(() => res.headersSent || raw?.handedOver === true);
        ended.signal.addEventListener('abort', () => open.dispose());
      };
      if (raw === undefined && !req.complete) {
        // It is the client who is awaited, until all of its request has come.
        req.once('end', wait);
        return;
      }
      wait();
      await new Promise<void>((resolve) => time.clock.after(REQUEST_TAKES, resolve));
      if (target.method === 'GET' && target.path === '/tasks')
        await awaitConvergence(time.clock, machine, new URLSearchParams(target.query).get('filters'), ended.signal);
    },
  };
}
