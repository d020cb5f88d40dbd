/** What the lab gives a student on a node beyond what every container may have. */
export interface GuardPolicy {
  /**
   * The student's home folder on the node: the only one that containers may mount. It has to be mounted nosymfollow, nosuid and nodev;
   * undefined where that cannot be done, and then no folder may be mounted.
   */
  readonly home: string | undefined;
  /** The gateway's own socket on the node: what a bind of `/var/run/docker.sock` gets. */
  readonly gatewaySocket: string;
  /** Tasks that one service may ask for; undefined where the node's own machine bears what the student asks for. */
  readonly tasksOfService?: number;
}

/** What the docker client calls the engine's socket. */
export const DOCKER_SOCKETS = ['/var/run/docker.sock', '/run/docker.sock'];
