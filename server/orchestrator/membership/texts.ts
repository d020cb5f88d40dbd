/** What Docker says to a machine about its part in a swarm. */
export const TEXTS = {
  noSwarm:
    'This node is not a swarm manager. Use "docker swarm init" or "docker swarm join" to connect this node to swarm and try again.',
  worker:
    "This node is not a swarm manager. Worker nodes can't be used to view or modify cluster state. Please run this command on a manager node or promote the current node to a manager.",
  preparing: 'This node is not a swarm manager. Manager is being prepared or has trouble connecting to the cluster.',
  locked:
    'Swarm is encrypted and needs to be unlocked before it can be used. Please use "docker swarm unlock" to unlock it.',
  alreadyInSwarm:
    'This node is already part of a swarm. Use "docker swarm leave" to leave this swarm and join another one.',
  notInSwarm: 'This node is not part of a swarm',
  noLeader:
    "The swarm does not have a leader. It's possible that too few managers are online. Make sure more than half of the managers are online.",
  timeout:
    'Timeout was reached before node joined. The attempt to join the swarm will continue in the background. Use the "docker info" command to see the current swarm status of your node.',
  invalidToken: 'A valid join token is necessary to join this cluster',
  noKey: 'invalid key string',
  notLocked: 'swarm is not locked',
  wrongKey: 'swarm could not be unlocked: invalid key provided',
  leaveLocked: 'Swarm is encrypted and locked. Please unlock it first or use `--force` to ignore this message.',
  leavingManager: 'You are attempting to leave the swarm on a node that is participating as a manager. ',
  lastManager:
    'Removing the last manager erases all current state of the swarm. Use `--force` to ignore this message. ',
  lostConsensus:
    'The only way to restore a swarm that has lost consensus is to reinitialize it with `--force-new-cluster`. Use `--force` to suppress this message.',
  twoManagers: `WARNING: Running Swarm in a two-manager configuration. This configuration provides
         no fault tolerance, and poses a high risk to lose control over the cluster.
         Refer to https://docs.docker.com/engine/swarm/admin_guide/ to configure the
         Swarm for fault-tolerance.`,
} as const;

/** What a manager is told that leaves while others remain, but too few of them. */
export function quorumLossText(left: number, total: number): string {
  return `Removing this node leaves ${left} managers out of ${total}. Without a Raft quorum your swarm will be inaccessible. `;
}
