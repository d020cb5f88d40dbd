import type { ServiceSpecRequest, TaskSpecRequest } from '../../../orchestrator/api/request/service-spec.ts';
import type { MountRequest } from '../bodies/mount.ts';
import type { GuardPolicy } from '../policy.ts';
import { notAllowed } from '../refusal.ts';
import { checkCapabilities } from './capabilities.ts';
import { checkLogDriver } from './log-driver.ts';
import { checkMount } from './mounts.ts';
import { checkSysctls } from './sysctls.ts';

type ContainerSpec = NonNullable<TaskSpecRequest['ContainerSpec']>;

/**
 * Refuses a service whose tasks would reach beyond their containers, and gives the mounts as they may be passed on. Its networks are
 * looked at elsewhere, for they may be named by their IDs.
 */
export function checkServiceSpec(spec: ServiceSpecRequest, policy: GuardPolicy): Pick<ContainerSpec, 'Mounts'> {
  const task = spec.TaskTemplate ?? {};
  if (task.PluginSpec !== undefined && !isNoPlugin(spec)) {
    throw notAllowed('a service that installs a plugin', 'nodes have the plugins they come with');
  }
  if (task.NetworkAttachmentSpec || task.Runtime === 'attachment') {
    throw notAllowed('a network attachment as a service', 'use docker run --network with an attachable network');
  }
  checkTasks(spec.Mode, policy.tasksOfService);
  checkLogDriver(task.LogDriver?.Name, task.LogDriver?.Options);
  const container = task.ContainerSpec ?? {};
  checkCapabilities(container.CapabilityAdd);
  checkSysctls(container.Sysctls);
  checkPrivileges(container.Privileges);
  if (!['', 'default'].includes(container.Isolation ?? '')) {
    throw notAllowed(`the isolation ${container.Isolation}`, 'it is for Windows only');
  }
  if (container.Mounts === undefined) return {};
  return { Mounts: container.Mounts.map((mount) => (isImpossible(mount) ? mount : checkMount(mount, policy))) };
}

/**
 * Whether no node would ever make a container with this mount: its task is rejected in the words that the student is to learn. A
 * template could still become anything.
 */
function isImpossible({ Type, Source = '' }: MountRequest): boolean {
  if (/\{\{|\0/.test(Source)) return false;
  return (Type === 'bind' && !Source.startsWith('/')) || (Type === 'volume' && Source.startsWith('/'));
}

/** Whether every daemon refuses this plugin, in words that the student is to see: one is for each node, not for so many of them. */
function isNoPlugin({ TaskTemplate, Mode }: ServiceSpecRequest): boolean {
  return TaskTemplate?.Runtime === 'plugin' && Mode?.Replicated !== undefined;
}

/** The networks that a service's tasks are put on, as the client calls them. */
export function networksOf(spec: ServiceSpecRequest): string[] {
  return [...(spec.Networks ?? []), ...(spec.TaskTemplate?.Networks ?? [])].map(({ Target }) => Target ?? '');
}

/** Where many students' nodes share a process, one service must not fill it. */
function checkTasks(mode: ServiceSpecRequest['Mode'], limit: number | undefined): void {
  const { Replicated, ReplicatedJob } = mode ?? {};
  const counts = [Replicated?.Replicas, ReplicatedJob?.TotalCompletions, ReplicatedJob?.MaxConcurrent];
  const wanted = Math.max(...counts.map((count) => Number(count ?? 0)));
  if (limit !== undefined && wanted > limit)
    throw notAllowed(`a service of ${wanted} tasks`, `simulated nodes bear ${limit} for each service`);
}

function checkPrivileges(privileges: ContainerSpec['Privileges']): void {
  const { CredentialSpec, SELinuxContext, Seccomp, AppArmor } = privileges ?? {};
  if (CredentialSpec ?? SELinuxContext ?? Seccomp ?? AppArmor) {
    throw notAllowed('a security option of a service', 'the default profiles stay on; leave it out');
  }
}
