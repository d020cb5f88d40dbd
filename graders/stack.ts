import { z } from 'zod';
import type { Network } from '../server/grading/engine-objects.ts';
import { type Aspect, combine, compare, gone, missing } from './aspect.ts';
import { absent, listed, text, texts } from './fields.ts';
import { defineGrader } from './grader.ts';
import { declaredReplicas, judgeRunning, type Tasks } from './running.ts';

const NAMESPACE = 'com.docker.stack.namespace';

interface Seen {
  services: Tasks[];
  networks: Network[];
}

/** A stack: what was deployed under its name. */
export const stack = defineGrader({
  name: 'stack',
  summary: 'A stack: the services and networks deployed under its name, and whether all of it runs.',
  example: '- stack: shop\n  services: [web, cache]\n  running: true',
  cost: 'state',
  fields: {
    stack: text().describe('Its exact name.'),
    absent: absent(),
    services: texts().optional().describe("Its services, without the stack's name; exactly these."),
    networks: texts().optional().describe("Its networks, without the stack's name (others may be too)."),
    running: z.literal(true).optional().describe('Every replicated service has all of its tasks running.'),
  },
  async observe(spec, view): Promise<Seen> {
    const [services, nodes, networks] = await Promise.all([view.services(), view.nodes(), view.networks()]);
    const own = services.filter((service) => service.Spec.Labels[NAMESPACE] === spec.stack);
    const names = new Map(nodes.map((node) => [node.ID, view.shortName(node)]));
    return {
      services: await Promise.all(
        own.map(async (service) => ({
          service,
          tasks: await view.tasksOf(service),
          nodes,
          nodeName: (id: string) => names.get(id) ?? '?',
        })),
      ),
      networks: networks.filter((network) => network.Labels[NAMESPACE] === spec.stack),
    };
  },
  explain(spec, { services, networks }) {
    const subject = `stack ${spec.stack}`;
    const next = `Look at \`docker stack services ${spec.stack}\`.`;
    const short = (name: string) => (name.startsWith(`${spec.stack}_`) ? name.slice(spec.stack.length + 1) : name);
    const found = services.map(({ service }) => short(service.Spec.Name)).sort();
    if (spec.absent)
      return gone(
        subject,
        services.length + networks.length > 0
          ? `still has services ${listed(found)} and networks ${listed(networks.map(({ Name }) => Name))}`
          : undefined,
        next,
        services.length === 0,
      );
    if (services.length === 0) return missing(subject, '`docker stack ls` lists what there is.');
    const aspects: Aspect[] = [];
    if (spec.services !== undefined) {
      const wanted = [...spec.services].sort();
      aspects.push(compare(wanted.join() === found.join(), `services ${listed(wanted)}`, `services ${listed(found)}`));
    }
    if (spec.networks !== undefined) {
      const there = networks.map(({ Name }) => short(Name));
      aspects.push(
        compare(
          spec.networks.every((name) => there.includes(name)),
          `networks ${listed(spec.networks)}`,
          `networks ${listed(there)}`,
        ),
      );
    }
    if (spec.running)
      for (const tasks of services) {
        const judged = judgeRunning(tasks, declaredReplicas(tasks.service) ?? { min: 1 });
        aspects.push({ ...judged, observed: `${short(tasks.service.Spec.Name)} ${judged.observed}` });
      }
    if (aspects.length === 0) aspects.push(compare(true, 'to be there', 'there'));
    return combine(subject, aspects, { next });
  },
});
