import type { ClusterView } from '../server/grading/cluster-view.ts';
import type { Service } from '../server/grading/engine-objects.ts';
import { combine, gone, missing } from './aspect.ts';
import { defineGrader } from './grader.ts';
import type { Tasks } from './running.ts';
import { serviceFields } from './service/service-fields.ts';
import { judgeSpec } from './service/spec.ts';

/** What the grader saw: the service with its tasks, and the names of what it refers to. */
export interface ServiceSeen {
  found: (Tasks & { service: Service }) | undefined;
  /** Names of all networks by ID. */
  networkNames: ReadonlyMap<string, string>;
  others: string[];
}

async function observe(spec: { service: string }, view: ClusterView): Promise<ServiceSeen> {
  const [services, nodes, networks] = await Promise.all([view.services(), view.nodes(), view.networks()]);
  const service = services.find((candidate) => candidate.Spec.Name === spec.service);
  const names = new Map(nodes.map((node) => [node.ID, view.shortName(node)]));
  return {
    found: service && {
      service,
      tasks: await view.tasksOf(service),
      nodes,
      nodeName: (id) => names.get(id) ?? (id === '' ? 'no node' : 'a node that is gone'),
    },
    networkNames: new Map(networks.map((network) => [network.Id, network.Name])),
    others: services.map((candidate) => candidate.Spec.Name),
  };
}

/** A service: what it was told to be, and how many of its tasks really run. */
export const service = defineGrader({
  name: 'service',
  summary:
    'A service: what it was told to be (mode, image, ports, networks, placement ...) and how many of its tasks really run. The name is compared as a whole.',
  example: '- service: webserver\n  running: 1\n  published: { target: 80, between: [30000, 32767], as: port }',
  cost: 'state',
  fields: serviceFields,
  observe,
  explain(spec, seen) {
    const subject = `service ${spec.service}`;
    if (spec.absent) return gone(subject, seen.found && 'still there', '`docker service ls` lists what there is.');
    if (seen.found === undefined) {
      const like = seen.others.filter((name) => name.includes(spec.service) || spec.service.includes(name));
      return missing(
        subject,
        '`docker service ls` lists what there is.',
        like.length === 0 ? undefined : `there is one called ${like.join(', ')}`,
      );
    }
    const { aspects, bindings } = judgeSpec(spec, seen.found, seen.networkNames);
    return combine(subject, aspects, {
      next: `Compare with \`docker service inspect --pretty ${spec.service}\`.`,
      bindings,
    });
  },
});
