import type { Node } from '../model/objects.ts';

/** Whether tasks cannot stay on the node: it is gone, down or to be drained. Paused, unknown and disconnected nodes keep theirs. */
export function isInvalidNode(node: Node | undefined): boolean {
  return node === undefined || node.Status.State === 'down' || node.Spec.Availability === 'drain';
}
