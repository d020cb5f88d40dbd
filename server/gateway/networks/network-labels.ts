/** Tells the bridge networks that stand for overlays from the student's own; its value is the overlay's ID. */
export const OVERLAY_LABEL = 'swarmlab.overlay';

/** What a task's container is labelled with, and no other. */
export const TASK_LABEL = 'com.docker.swarm.task.id';
export const TASK_NAME_LABEL = 'com.docker.swarm.task.name';

/** Marks docker_gwbridge, which has no containers here and must not be pruned for it. */
export const GATEWAY_BRIDGE_LABEL = 'swarmlab.gateway-bridge';
