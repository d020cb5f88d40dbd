import { ControlError } from '../api/control-error.ts';
import type { Managers } from './managers.ts';
import { quorumLossText, TEXTS } from './texts.ts';

/** Tells a manager that wants to leave what that would mean. Always throws: it takes force. */
export function refuseManagerLeaving(managers: Managers): never {
  const { reachable, unreachable } = managers.count();
  if (reachable === 1 && unreachable === 0) throw new ControlError(503, TEXTS.leavingManager + TEXTS.lastManager);
  const loses = managers.leader !== undefined && reachable - 2 <= unreachable;
  const loss = loses ? quorumLossText(reachable - 1, reachable + unreachable) : '';
  throw new ControlError(503, TEXTS.leavingManager + loss + TEXTS.lostConsensus);
}
