import { z } from 'zod';
import type { Service } from '../../server/grading/engine-objects.ts';
import type { Variables } from '../../server/labs/template.ts';
import type { Aspect } from '../aspect.ts';
import { listed } from '../fields.ts';

export const publishedField = z.union([
  z.literal('none').describe('No port is published.'),
  z.strictObject({
    target: z.number().int().describe('The port in the container.'),
    published: z.number().int().optional().describe('The port on the nodes.'),
    between: z
      .tuple([z.number().int(), z.number().int()])
      .optional()
      .describe('The port on the nodes lies between these, both included.'),
    not: z
      .union([
        z
          .number()
          .int()
          .transform((one) => [one]),
        z.array(z.number().int()),
      ])
      .optional()
      .describe('The port on the nodes is none of these.'),
    after: z.number().int().optional().describe('The port on the nodes is higher than this.'),
    mode: z.enum(['ingress', 'host']).default('ingress'),
    protocol: z.enum(['tcp', 'udp', 'sctp']).default('tcp'),
    as: z.string().optional().describe('The name by which the lab knows the port on the nodes from here on.'),
  }),
]);
export type PublishedCheck = z.output<typeof publishedField>;

type Port = { Protocol: string; TargetPort: number; PublishedPort: number; PublishMode: string };

const describePort = (port: Port) =>
  `*:${port.PublishedPort === 0 ? '?' : port.PublishedPort}->${port.TargetPort}/${port.Protocol}${port.PublishMode === 'host' ? ' on its own node only' : ''}`;

/** Judges the ports that a service really has (allocated by the manager), not those that it asked for. */
export function judgePublished(wanted: PublishedCheck, service: Service): { aspect: Aspect; bindings: Variables } {
  const ports = service.Endpoint?.Ports ?? [];
  const observed = ports.length === 0 ? 'no port published' : `published ${listed(ports.map(describePort))}`;
  if (wanted === 'none')
    return {
      aspect: { outcome: ports.length === 0 ? 'pass' : 'wrong', expected: 'no port published', observed },
      bindings: {},
    };
  const expected = describeWanted(wanted);
  const asked = service.Spec.EndpointSpec?.Ports ?? [];
  const port = ports.find((candidate) => matches(wanted, candidate));
  if (port !== undefined)
    return {
      aspect: { outcome: 'pass', expected, observed },
      bindings: wanted.as === undefined ? {} : { [wanted.as]: port.PublishedPort },
    };
  const allocating = ports.length === 0 && asked.some((candidate) => candidate.TargetPort === wanted.target);
  return { aspect: { outcome: allocating ? 'not-yet' : 'wrong', expected, observed }, bindings: {} };
}

function matches(wanted: Exclude<PublishedCheck, 'none'>, port: Port): boolean {
  const number = port.PublishedPort;
  return (
    port.TargetPort === wanted.target &&
    port.PublishMode === wanted.mode &&
    port.Protocol === wanted.protocol &&
    (wanted.published === undefined || number === wanted.published) &&
    (wanted.between === undefined || (number >= wanted.between[0] && number <= wanted.between[1])) &&
    (wanted.after === undefined || number > wanted.after) &&
    !(wanted.not ?? []).includes(number)
  );
}

function describeWanted(wanted: Exclude<PublishedCheck, 'none'>): string {
  const conditions = [
    wanted.published === undefined ? undefined : `as ${wanted.published}`,
    wanted.between === undefined ? undefined : `as one of ${wanted.between[0]}-${wanted.between[1]}`,
    wanted.after === undefined ? undefined : `higher than ${wanted.after}`,
    wanted.not === undefined ? undefined : `not as ${listed(wanted.not.map(String))}`,
    wanted.mode === 'host' ? "on each task's own node (host mode)" : 'on every node (ingress mode)',
  ];
  return `port ${wanted.target}/${wanted.protocol} published ${conditions.filter((part) => part !== undefined).join(', ')}`;
}
