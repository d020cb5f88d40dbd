import type { StudentCommand } from '../../files/run-script.ts';
import { spawnNodePty } from '../../terminals/node-pty.ts';
import type { SpawnPty } from '../../terminals/pty.ts';
import { STUDENT } from './node-files.ts';

const HOME = `/home/${STUDENT}`;

/** What a login gives the student; /etc/profile and ~/.bashrc do the rest. */
export const STUDENT_ENVIRONMENT = {
  HOME,
  USER: STUDENT,
  LOGNAME: STUDENT,
  SHELL: '/bin/bash',
  PATH: '/usr/local/bin:/usr/bin:/bin:/usr/local/games:/usr/games',
  LANG: 'C.UTF-8',
};

/**
 * Becomes the student with all of their groups and executes the rest. Unlike `su` it leaves no process of root in between, so that
 * the shell itself leads the terminal's session.
 */
const AS_STUDENT = ['--reuid', STUDENT, '--regid', STUDENT, '--init-groups', '--inh-caps=-all'];

/** Starts the student's login shell in a terminal. */
export const spawnLoginShell: SpawnPty = (size) =>
  spawnNodePty(
    { file: 'setpriv', args: [...AS_STUDENT, 'bash', '--login'], cwd: HOME, env: STUDENT_ENVIRONMENT },
    size,
  );

/** The words that run a command as the student, without a terminal. */
export const asStudent: StudentCommand = (command) => ({
  words: ['setpriv', ...AS_STUDENT, ...command],
  environment: STUDENT_ENVIRONMENT,
});
