/** A command whose rows are compared, and what happens before it without being looked at. */
export interface ProgressCommand {
  name: string;
  before?: string;
  command: string;
}

const SLEEPER = 'alpine sleep 600';

/** The commands that draw progress, in the order in which they are played on one clean cluster. */
export const PROGRESS_COMMANDS: readonly ProgressCommand[] = [
  { name: 'create', command: `docker service create --name web --replicas 3 ${SLEEPER}` },
  { name: 'scale up', command: 'docker service scale web=5' },
  { name: 'scale down', command: 'docker service scale web=2' },
  { name: 'scale many', command: 'docker service scale web=12' },
  { name: 'scale back', command: 'docker service scale web=2' },
  { name: 'update one by one', command: 'docker service update --env-add A=1 web' },
  {
    name: 'update side by side, the new first',
    command: 'docker service update --update-parallelism 2 --update-order start-first --env-add A=2 web',
  },
  { name: 'rollback', command: 'docker service rollback web' },
  { name: 'update that changes no task', command: 'docker service update --label-add a=b web' },
  { name: 'create global', command: `docker service create --name everywhere --mode global ${SLEEPER}` },
  {
    name: 'scale two at once',
    before: `docker service create -d -q --name other ${SLEEPER}; sleep 3`,
    command: 'docker service scale web=3 other=2',
  },
  { name: 'create a job', command: 'docker service create --name job --mode replicated-job --replicas 2 alpine true' },
  { name: 'create none', command: `docker service create --name none --replicas 0 ${SLEEPER}` },
  {
    name: 'update that pauses',
    before: `docker service create -d -q --name broken --update-monitor 1s ${SLEEPER}; sleep 3`,
    command: 'docker service update --args "sh -c \'exit 3\'" broken',
  },
];

/** A command as it is typed into a terminal of a fixed size. */
export function inTerminal(command: string): string {
  const quoted = `stty cols 120 rows 40; ${command}`.replaceAll("'", "'\\''");
  return `script -qec '${quoted}' /dev/null </dev/null`;
}
