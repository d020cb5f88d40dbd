import type { Store } from '../store/store.ts';

/**
 * Makes one node the only manager of its swarm: the others take no part any more, whatever their specs go on to say, and what quorum
 * there was does not matter.
 */
export function demoteOthers(store: Store, nodeId: string): void {
  store.update((transaction) => {
    for (const node of [...transaction.nodes.all()]) {
      if (node.ID === nodeId || node.role !== 'manager') continue;
      const { ManagerStatus: _former, isAwaited: _wait, ...rest } = node;
      transaction.update('nodes', { ...rest, role: 'worker' });
    }
  });
}
