/** Labels of everything that is ours on the outer engine; `gc` goes by them. */
export const OWNER_LABEL = 'swarmlab.owner';
export const CLUSTER_LABEL = 'swarmlab.cluster';
export const NODE_LABEL = 'swarmlab.node';
/** The state folder of whoever made it: another user's clusters on the same engine are not ours. */
export const STATE_LABEL = 'swarmlab.state';

export const OWNER_LABELS: Record<string, string> = { [OWNER_LABEL]: 'swarmlab' };
