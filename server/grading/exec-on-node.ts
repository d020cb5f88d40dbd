import { randomUUID } from 'node:crypto';
import type Dockerode from 'dockerode';
import type { Clock } from '../clock/clock.ts';
import { STUDENT, STUDENT_ENVIRONMENT, STUDENT_HOME } from '../clusters/student.ts';
import { collectExec } from './collect-exec.ts';
import type { CommandResult, NodeCommand } from './grading-cluster.ts';

/** The gateway that is not witnessed, as the node sees it; only root can enter its folder. */
const CONTROL_SOCKET = '/run/swarmlab/control.sock';
/** How `student` and `root` are in a node: name, home folder, what a login would set. */
const USERS = {
  student: { name: STUDENT, home: STUDENT_HOME, environment: STUDENT_ENVIRONMENT },
  root: {
    name: 'root',
    home: '/root',
    environment: {
      HOME: '/root',
      USER: 'root',
      LANG: 'C.UTF-8',
      PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin',
      // A grader must not testify for the student.
      DOCKER_HOST: `unix://${CONTROL_SOCKET}`,
    },
  },
};

/** Every process of a run carries its mark, so that all of them can be ended, those that left the terminal's group too. */
const MARK = 'SWARMLAB_RUN';
/** Ends the processes with a mark: as Ctrl-C does, and after a second for good. */
const END_RUN = `
signal() {
  for process in /proc/[0-9]*; do
    if tr '\\0' '\\n' <"$process/environ" 2>/dev/null | grep -qx "$2"; then kill -s "$1" "\${process#/proc/}"; fi
  done 2>/dev/null
}
signal INT "$1"; sleep 1; signal KILL "$1"; true`;
const END_LIMIT = 10_000;

/** Runs a program on a node that is a container of `docker`. */
export function execOnNode(
  docker: Dockerode,
  container: string,
  command: NodeCommand,
  clock: Clock,
): Promise<CommandResult> {
  const mark = `${MARK}=${randomUUID()}`;
  const user = USERS[command.user];
  const environment = Object.entries(user.environment).map(([name, value]) => `${name}=${value}`);
  return collectExec(
    docker,
    container,
    {
      Cmd: [...command.argv],
      User: user.name,
      WorkingDir: user.home,
      Env: [...environment, mark],
    },
    {
      clock,
      limit: command.limit,
      ...(command.onOutput === undefined ? {} : { onOutput: command.onOutput }),
      onGivenUp: async () => {
        await collectExec(
          docker,
          container,
          { Cmd: ['bash', '-c', END_RUN, 'end', mark], User: 'root' },
          {
            clock,
            limit: END_LIMIT,
          },
        );
      },
    },
  );
}
