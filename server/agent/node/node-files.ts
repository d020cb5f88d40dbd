/** Files and sockets of a node, as they are called inside it. */

/** Shared with the cluster host, root only on both sides. */
export const SHARED_FOLDER = '/run/swarmlab';
export const CONFIG_FILE = `${SHARED_FOLDER}/agent.json`;
export const AGENT_SOCKET = `${SHARED_FOLDER}/agent.sock`;
export const AGENT_LOG = `${SHARED_FOLDER}/agent.log`;
export const DOCKERD_LOG = `${SHARED_FOLDER}/dockerd.log`;
/** The gateway for the cluster's owner on the machine outside; witnessed as the student's own requests are. */
export const OUTSIDE_GATEWAY_SOCKET = `${SHARED_FOLDER}/docker.sock`;
/** The gateway for graders and the page, who are not to testify for the student. */
export const CONTROL_SOCKET = `${SHARED_FOLDER}/control.sock`;

/** What the student's docker client opens. It is the gateway, never dockerd. */
export const STUDENT_SOCKET = '/var/run/docker.sock';

/** A file system in memory that only root enters: dockerd's own socket, and secrets while tasks use them. */
export const ENGINE_FOLDER = '/run/swarmlab-engine';
export const ENGINE_SOCKET = `${ENGINE_FOLDER}/docker.sock`;
export const ENGINE_PID_FILE = `${ENGINE_FOLDER}/docker.pid`;

/** What the agent remembers of its tasks. */
export const STATE_FOLDER = '/var/lib/swarmlab';

export const STUDENT = 'vagrant';
export const STUDENT_GROUP = 'docker';
/** A file system of its own, without devices, set-user-ID programs and symbolic links: containers may mount it. */
export const STUDENT_HOME = '/home/vagrant';
