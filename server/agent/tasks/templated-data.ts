import type { Config, Secret, Task } from '../../orchestrator/model/objects.ts';
import type { Driver } from '../../orchestrator/model/specs.ts';
import { expandTemplate, type TemplateFunction } from '../../orchestrator/template/template.ts';
import { taskName } from './container-name.ts';

/** What the template of a secret or config may read besides the task it is for. */
export interface TemplateSources {
  secret(id: string): Secret | undefined;
  config(id: string): Config | undefined;
}

/**
 * The data of a secret or config as the task's container gets it: expanded when it was created with `--template-driver golang`. Swarm
 * does not tell such templates anything of the node but its ID. Throws Swarm's text.
 */
export function expandData(object: Secret | Config, task: Task, nodeId: string, sources: TemplateSources): Uint8Array {
  const { Data = '', Templating } = object.Spec as { Data?: string; Templating?: Driver };
  const data = Buffer.from(Data, 'base64');
  if (Templating === undefined) return data;
  if (Templating.Name !== 'golang') throw new Error('unrecognized template type');
  const context = {
    Service: { ID: task.ServiceID, Name: task.serviceName, Labels: task.serviceLabels },
    Node: { ID: nodeId, Hostname: '', Platform: { Architecture: '', OS: '' } },
    Task: { ID: task.ID, Name: taskName(task), Slot: task.global ? nodeId : String(task.Slot ?? 0) },
  };
  const functions = functionsFor(task, sources);
  return Buffer.from(expandTemplate(data.toString(), context, { type: '*template.PayloadContext', functions }));
}

/** `secret` and `config` give what the container has under that name, `env` a variable of its environment. */
function functionsFor(task: Task, sources: TemplateSources): Record<string, TemplateFunction> {
  const { Env = [], Secrets = [], Configs = [] } = task.Spec.ContainerSpec ?? {};
  return {
    secret: (target) => {
      const reference = Secrets.find(({ File }) => File?.Name === target);
      if (reference === undefined) throw new Error(`secret target ${target} not found`);
      return textOf(sources.secret(reference.SecretID), `secret ${reference.SecretID} not found`);
    },
    config: (target) => {
      const reference = Configs.find(({ File }) => File?.Name === target);
      if (reference === undefined) throw new Error(`config target ${target} not found`);
      return textOf(sources.config(reference.ConfigID), `config ${reference.ConfigID} not found`);
    },
    env: (variable) => {
      const prefix = `${variable}=`;
      return Env.find((entry) => entry.startsWith(prefix))?.slice(prefix.length) ?? '';
    },
  };
}

function textOf(object: Secret | Config | undefined, missing: string): string {
  if (object === undefined) throw new Error(missing);
  return Buffer.from(object.Spec.Data ?? '', 'base64').toString();
}
