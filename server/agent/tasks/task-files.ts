/** A secret or config as a file in a container. */
export interface TaskFile {
  kind: 'secret' | 'config';
  /** Absolute path in the container. */
  target: string;
  content: Uint8Array;
  uid: number;
  gid: number;
  mode: number;
}

/** How files get into a task's container without lying on any image layer where that can be helped. */
export interface TaskFiles {
  /** Before the container is created: gives bind mounts (`SOURCE:TARGET:ro`) for it. */
  provide(taskId: string, files: readonly TaskFile[]): Promise<string[]>;
  /** After the container was created and before it is started. */
  place(containerId: string, files: readonly TaskFile[]): Promise<void>;
  /** The task is gone. */
  remove(taskId: string): Promise<void>;
}
