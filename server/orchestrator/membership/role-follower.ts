import type { Disposable } from '../../clock/clock.ts';
import type { Node } from '../model/objects.ts';
import type { Store } from '../store/store.ts';

/**
 * Gives every node whose spec asks for another role that role: a promoted node becomes a manager, which takes part once its machine has
 * come, a demoted one a worker. `changed` is called whenever that has changed the swarm's managers.
 */
export function followRoles(store: Store, changed: () => void): Disposable {
  return store.watch((events) => {
    const strays: Node[] = [];
    for (const event of events) {
      if (event.kind !== 'nodes' || event.action !== 'update') continue;
      const { Spec, role } = event.object;
      if (Spec.Role !== event.old.Spec.Role && Spec.Role !== role) strays.push(event.object);
    }
    if (strays.length === 0) return;
    store.update((transaction) => {
      for (const { ID } of strays) {
        const node = transaction.nodes.get(ID);
        if (node !== undefined) transaction.update('nodes', withRole(node));
      }
    });
    changed();
  });
}

function withRole({ isAwaited: _before, ...node }: Node): Node {
  const role = node.Spec.Role;
  return { ...node, role, ...(role === 'manager' && { isAwaited: true }) };
}
