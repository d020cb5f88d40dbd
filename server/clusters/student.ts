/** Who the student is on a node. */
export const STUDENT = 'vagrant';
export const STUDENT_HOME = `/home/${STUDENT}`;

/** What a login would set. */
export const STUDENT_ENVIRONMENT: Readonly<Record<string, string>> = {
  HOME: STUDENT_HOME,
  USER: STUDENT,
  LOGNAME: STUDENT,
  SHELL: '/bin/bash',
  PATH: '/usr/local/bin:/usr/bin:/bin:/usr/local/games:/usr/games',
  LANG: 'C.UTF-8',
};
