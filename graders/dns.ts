import { z } from 'zod';
import type { ClusterView } from '../server/grading/cluster-view.ts';
import type { CommandResult } from '../server/grading/grading-cluster.ts';
import { type Aspect, combine, missing } from './aspect.ts';
import { count, describeCount, listed, matchesCount, text, texts } from './fields.ts';
import { defineGrader } from './grader.ts';
import { isSettling } from './mesh/settling.ts';
import { runningTasks } from './running.ts';

const LOOKUP_LIMIT = 15_000;

interface Seen {
  /** Undefined when there is no running task to ask from. */
  addresses: string[] | undefined;
  /** The virtual addresses of the service that is called like the name. */
  virtual: string[];
  /** The addresses of its running tasks. */
  tasks: string[];
  settling: boolean;
}

/** What a name means inside a service's container. */
export const dns = defineGrader({
  name: 'dns',
  summary:
    "What a name means inside a running container of a service: the service's virtual address, its tasks, or nothing.",
  example: '- dns: web\n  from: client\n  answers: vip',
  cost: 'probe',
  fields: {
    dns: text().describe('The name to look up.'),
    from: text().describe('The service in one of whose containers it is looked up (its image must have `nslookup`).'),
    answers: z
      .enum(['vip', 'tasks', 'nothing', 'something'])
      .default('something')
      .describe("`vip`: the service's virtual address; `tasks`: the addresses of its running tasks."),
    addresses: texts().optional().describe('Exactly these addresses.'),
    count: count().optional().describe('How many addresses.'),
  },
  async observe(spec, view): Promise<Seen> {
    const settling = await isSettling(view);
    const name = spec.dns.replace(/^tasks\./, '');
    const { virtual, tasks } = await addressesOf(name, view);
    return { addresses: await lookUp(spec.dns, spec.from, view), virtual, tasks, settling };
  },
  explain(spec, seen) {
    const subject = `name ${spec.dns} in ${spec.from}`;
    const { addresses } = seen;
    if (addresses === undefined)
      return missing(`running task of ${spec.from}`, `Look at \`docker service ps ${spec.from}\`.`);
    const later: Aspect['outcome'] = seen.settling ? 'not-yet' : 'wrong';
    const same = (wanted: readonly string[]) => [...wanted].sort().join() === [...addresses].sort().join();
    const observed = addresses.length === 0 ? 'is not known' : `is ${listed(addresses)}`;
    const aspects: Aspect[] = [];
    const demand = (holds: boolean, expected: string) =>
      aspects.push({ outcome: holds ? 'pass' : later, expected, observed });
    if (spec.answers === 'nothing') demand(addresses.length === 0, 'not to be known');
    if (spec.answers === 'something') demand(addresses.length > 0, 'to be known');
    if (spec.answers === 'vip')
      demand(
        addresses.length > 0 && addresses.every((address) => seen.virtual.includes(address)),
        `to be the virtual address ${listed(seen.virtual)}`,
      );
    if (spec.answers === 'tasks')
      demand(
        addresses.length > 0 && addresses.every((address) => seen.tasks.includes(address)),
        `to be the tasks' addresses (${listed(seen.tasks)})`,
      );
    if (spec.addresses !== undefined) demand(same(spec.addresses), `to be ${listed(spec.addresses)}`);
    if (spec.count !== undefined)
      demand(matchesCount(spec.count, addresses.length), `to have ${describeCount(spec.count)} addresses`);
    return combine(subject, aspects, {
      next: 'Are both services on the same network? Look at `docker service inspect --pretty`.',
    });
  },
});

async function addressesOf(name: string, view: ClusterView): Promise<{ virtual: string[]; tasks: string[] }> {
  const service = await view.service(name);
  if (service === undefined) return { virtual: [], tasks: [] };
  const withoutMask = (address: string) => address.replace(/\/\d+$/, '');
  const running = runningTasks({ tasks: await view.tasksOf(service), nodes: await view.nodes() });
  return {
    virtual: (service.Endpoint?.VirtualIPs ?? []).map(({ Addr }) => withoutMask(Addr)),
    tasks: running.flatMap((task) =>
      task.NetworksAttachments.flatMap(({ Addresses }) => Addresses.map((address) => withoutMask(address))),
    ),
  };
}

async function lookUp(name: string, from: string, view: ClusterView): Promise<string[] | undefined> {
  const service = await view.service(from);
  const running = service && runningTasks({ tasks: await view.tasksOf(service), nodes: await view.nodes() });
  const task = running?.find((candidate) => candidate.Status.ContainerStatus?.ContainerID);
  const id = task?.Status.ContainerStatus?.ContainerID;
  if (task === undefined || !id) return undefined;
  const node = view.node(await view.nodeName(task.NodeID));
  const result = await view.cluster.execInContainer(node.name, id, ['nslookup', name], LOOKUP_LIMIT);
  return addressesIn(result);
}

/** IPv4 addresses behind `Name:` in the output of `nslookup`; before it stands the server's own. */
function addressesIn({ stdout }: Pick<CommandResult, 'stdout'>): string[] {
  const answer = stdout.slice(Math.max(0, stdout.search(/^Name:/m)));
  if (!/^Name:/m.test(stdout)) return [];
  return [...new Set([...answer.matchAll(/\b(?:\d{1,3}\.){3}\d{1,3}\b/g)].map(([address]) => address))];
}
