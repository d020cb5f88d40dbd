import { nodeOf } from '../clusters/cluster-record.ts';
import { runInSandbox } from '../clusters/embedded/run-in-sandbox.ts';
import { execInContainer } from '../clusters/exec-in-container.ts';
import { findCluster } from '../clusters/find-cluster.ts';
import { hostOf } from '../clusters/host/host-process.ts';
import { STUDENT, STUDENT_ENVIRONMENT, STUDENT_HOME } from '../clusters/student.ts';

/** `cluster exec`: runs a command in a node as the student would, with this process's own streams; gives its exit code. */
export async function clusterExec(cluster: string, nodeName: string, command: string[]): Promise<number> {
  const { folder, record } = findCluster(cluster);
  const node = nodeOf(record, nodeName);
  const host = await hostOf(folder);
  const words = command[0] === '--' ? command.slice(1) : command;
  if (record.kind === 'embedded') return runInSandbox(host, node.name, words);
  return execInContainer({
    node: node.name,
    container: node.container,
    command: words,
    user: STUDENT,
    folder: STUDENT_HOME,
    environment: STUDENT_ENVIRONMENT,
  });
}
