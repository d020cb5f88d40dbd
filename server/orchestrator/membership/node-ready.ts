import type { Clock } from '../../clock/clock.ts';
import type { Store } from '../store/store.ts';

/** Resolves with true when the node has registered, with false when that took longer than `timeout` milliseconds. */
export function untilReady(store: Store, clock: Clock, nodeId: string, timeout: number): Promise<boolean> {
  return new Promise((resolve) => {
    const done = (isReady: boolean) => {
      watch.dispose();
      timer.dispose();
      resolve(isReady);
    };
    const watch = store.watch(() => {
      if (store.nodes.get(nodeId)?.Status.State === 'ready') done(true);
    });
    const timer = clock.after(timeout, () => done(false));
    if (store.nodes.get(nodeId)?.Status.State === 'ready') done(true);
  });
}
