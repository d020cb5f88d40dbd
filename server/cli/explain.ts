import type { Command } from 'commander';
import type { ExplainedTask } from '../clusters/host/task-explanation.ts';
import { printJson, printTable } from './output.ts';

/** `swarmlab explain`: why a task is where it is, or what it waits for. */
export function register(program: Command): void {
  program
    .command('explain')
    .description('say why a task is where it is, or what it waits for (builtin orchestrator)')
    .argument('<task>', 'ID of the task, or the beginning of it, or its name')
    .option('--cluster <name>', 'the cluster; may be left out when there is only one')
    .option('--json', 'print it as JSON')
    .action(async (task: string, options: { cluster?: string; json?: boolean }) => {
      const { findOnlyCluster } = await import('../clusters/find-cluster.ts');
      const { hostOf } = await import('../clusters/host/host-process.ts');
      const host = await hostOf(findOnlyCluster(options.cluster));
      const explanation = await host.explain(task);
      if (options.json) printJson(explanation);
      else print(explanation);
    });
}

function print(task: ExplainedTask): void {
  process.stdout.write(
    `${task.name} (${task.taskId}): ${task.state}, is to be ${task.desiredState}\n${task.summary}\n`,
  );
  process.stdout.write('\n');
  printTable(
    ['STATE', 'SINCE', 'MESSAGE'],
    task.way.map(({ state, at, message, error }) => [state, at, error ?? message]),
  );
  if (task.nodes.length > 0) {
    process.stdout.write('\n');
    printTable(
      ['NODE', 'THIS SERVICE', 'ALL TASKS', 'FAILURES', 'REFUSED BY'],
      task.nodes.map((node) => [
        node.hostname,
        String(node.serviceTasks),
        String(node.totalTasks),
        String(node.recentFailures),
        node.refusedBy ?? '',
      ]),
    );
  }
  if (task.history.length > 0) {
    process.stdout.write('\nbefore it in the same slot, newest first\n');
    printTable(
      ['TASK', 'STATE', 'MESSAGE'],
      task.history.map((each) => [each.taskId, each.state, each.error ?? each.message]),
    );
  }
  const { done, limit } = task.restarts;
  if (done > 0) process.stdout.write(`\nrestarted ${done} times${limit === undefined ? '' : ` of at most ${limit}`}\n`);
}
