import { z } from 'zod';
import type { Network } from '../server/grading/engine-objects.ts';
import { type Aspect, combine, compare, gone, missing } from './aspect.ts';
import { absent, count, describeCount, listed, matchesCount, pairs, plural, text, texts } from './fields.ts';
import { defineGrader } from './grader.ts';

interface Seen {
  network: Network | undefined;
  services: string[];
}

/** A network as a manager sees it. */
export const network = defineGrader({
  name: 'network',
  summary: 'A network as a manager sees it: driver, scope, subnet, options, and the services on it.',
  example: '- network: backend\n  driver: overlay\n  attachable: true',
  cost: 'state',
  fields: {
    network: text().describe('Its exact name.'),
    absent: absent(),
    driver: text().optional(),
    scope: z.enum(['swarm', 'local', 'global']).optional(),
    subnet: text().optional().describe('Such as `10.11.0.0/24`.'),
    gateway: text().optional(),
    attachable: z.boolean().optional(),
    internal: z.boolean().optional(),
    ingress: z.boolean().optional(),
    encrypted: z.boolean().optional(),
    labels: pairs().optional(),
    services: texts().optional().describe('Services attached to it (others may be too).'),
    peers: count().optional().describe('How many nodes take part in it.'),
  },
  async observe(spec, view): Promise<Seen> {
    const [network, services] = await Promise.all([view.network(spec.network), view.services()]);
    const attached = services.filter((service) =>
      service.Spec.TaskTemplate.Networks.some(({ Target }) => Target === network?.Id || Target === network?.Name),
    );
    return { network, services: attached.map((service) => service.Spec.Name) };
  },
  explain(spec, { network, services }) {
    const subject = `network ${spec.network}`;
    const next = '`docker network ls` lists what there is.';
    // A removed network stays on the nodes until the last task that was on it has stopped.
    if (spec.absent)
      return gone(
        subject,
        network && `still there${services.length > 0 ? `, with ${listed(services)} on it` : ''}`,
        next,
        services.length === 0,
      );
    if (network === undefined) return missing(subject, next);
    const aspects: Aspect[] = [];
    const equal = (what: string, wanted: string | undefined, found: string | undefined) => {
      if (wanted !== undefined)
        aspects.push(compare(wanted === found, `${what} ${wanted}`, `${what} ${found || 'none'}`));
    };
    const is = (what: string, wanted: boolean | undefined, found: boolean) => {
      const word = (yes: boolean) => (yes ? what : `not ${what}`);
      if (wanted !== undefined) aspects.push(compare(wanted === found, word(wanted), word(found)));
    };
    equal('driver', spec.driver, network.Driver);
    equal('scope', spec.scope, network.Scope);
    equal('subnet', spec.subnet, network.IPAM?.Config[0]?.Subnet);
    equal('gateway', spec.gateway, network.IPAM?.Config[0]?.Gateway);
    is('attachable', spec.attachable, network.Attachable);
    is('internal', spec.internal, network.Internal);
    is('the ingress network', spec.ingress, network.Ingress);
    is('encrypted', spec.encrypted, 'encrypted' in network.Options);
    for (const [key, value] of Object.entries(spec.labels ?? {})) equal(`label ${key}`, value, network.Labels[key]);
    if (spec.services !== undefined)
      aspects.push(
        compare(
          spec.services.every((name) => services.includes(name)),
          `services ${listed(spec.services)} on it`,
          `services ${listed(services)} on it`,
        ),
      );
    if (spec.peers !== undefined)
      aspects.push({
        outcome: matchesCount(spec.peers, network.Peers.length) ? 'pass' : 'not-yet',
        expected: `${describeCount(spec.peers)} peers`,
        observed: plural(network.Peers.length, 'peer'),
      });
    if (aspects.length === 0) aspects.push(compare(true, 'to be there', 'there'));
    return combine(subject, aspects, { next: `Compare with \`docker network inspect ${spec.network}\`.` });
  },
});
