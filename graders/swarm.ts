import { z } from 'zod';
import type { Swarm, SwarmNode } from '../server/grading/engine-objects.ts';
import { SwarmUnavailable } from '../server/grading/verdict.ts';
import { durationSchema, formatDuration } from '../server/labs/duration.ts';
import { type Aspect, combine, compare } from './aspect.ts';
import { count, describeCount, listed, matchesCount, texts } from './fields.ts';
import { defineGrader } from './grader.ts';

const NANOSECONDS_PER_MILLISECOND = 1e6;

type Seen = { reason: string } | { swarm: Swarm; nodes: SwarmNode[]; names: ReadonlyMap<string, string> };

/** The Swarm as a whole. */
export const swarm = defineGrader({
  name: 'swarm',
  summary: 'The Swarm as a whole: its settings, its managers and workers, and whether it has a quorum.',
  example: '- swarm: quorum\n  managers: 3\n  workers: 1',
  cost: 'state',
  fields: {
    swarm: z
      .enum(['quorum', 'no-quorum'])
      .describe('`quorum`: a manager answers. `no-quorum`: managers are there and cannot decide.'),
    managers: count().optional().describe('How many managers are reachable.'),
    workers: count().optional().describe('How many workers are ready.'),
    leader: texts().optional().describe('The leader is one of these nodes.'),
    autolock: z.boolean().optional(),
    'task-history': count().optional().describe('The task history limit.'),
    heartbeat: durationSchema.optional().describe("The dispatcher's heartbeat period."),
    'cert-expiry': durationSchema.optional().describe("How long a node's certificate is valid."),
  },
  async observe(_spec, view): Promise<Seen> {
    try {
      const [swarm, nodes] = await Promise.all([view.swarm(), view.nodes()]);
      return { swarm, nodes, names: new Map(nodes.map((node) => [node.ID, view.shortName(node)])) };
    } catch (error) {
      if (error instanceof SwarmUnavailable) return { reason: error.message };
      throw error;
    }
  },
  explain(spec, seen) {
    const subject = 'the Swarm';
    const next = 'Look at `docker node ls` and `docker info`.';
    if ('reason' in seen) {
      const leaderless = /does not have a leader/.test(seen.reason);
      const wanted = spec.swarm === 'no-quorum' ? 'managers without a quorum' : 'a manager that answers';
      return combine(
        subject,
        [compare(spec.swarm === 'no-quorum' && leaderless, wanted, 'no manager answers', { because: seen.reason })],
        { next },
      );
    }
    if (spec.swarm === 'no-quorum')
      return combine(
        subject,
        [{ outcome: 'not-yet', expected: 'managers without a quorum', observed: 'a manager answers' }],
        { next },
      );
    return combine(subject, judge(spec, seen), { next });
  },
});

type SwarmCheck = {
  managers?: z.output<ReturnType<typeof count>> | undefined;
  workers?: z.output<ReturnType<typeof count>> | undefined;
  leader?: string[] | undefined;
  autolock?: boolean | undefined;
  'task-history'?: z.output<ReturnType<typeof count>> | undefined;
  heartbeat?: number | undefined;
  'cert-expiry'?: number | undefined;
};

function judge(spec: SwarmCheck, { swarm, nodes, names }: Exclude<Seen, { reason: string }>): Aspect[] {
  const aspects: Aspect[] = [];
  const managers = nodes.filter((node) => node.ManagerStatus?.Reachability === 'reachable');
  const workers = nodes.filter((node) => !node.ManagerStatus && node.Status.State === 'ready');
  const number = (what: string, wanted: SwarmCheck['managers'], found: number, outcome: 'wrong' | 'not-yet') => {
    if (wanted === undefined) return;
    const holds = matchesCount(wanted, found);
    aspects.push({
      outcome: holds ? 'pass' : outcome,
      expected: `${describeCount(wanted)} ${what}`,
      observed: `${found} ${what}`,
    });
  };
  const period = (what: string, wanted: number | undefined, nanoseconds: number | undefined) => {
    if (wanted === undefined) return;
    const found = (nanoseconds ?? 0) / NANOSECONDS_PER_MILLISECOND;
    aspects.push(compare(found === wanted, `${what} ${formatDuration(wanted)}`, `${what} ${formatDuration(found)}`));
  };
  number('managers', spec.managers, managers.length, 'not-yet');
  number('workers', spec.workers, workers.length, 'not-yet');
  if (spec.leader !== undefined) {
    const leader = nodes.find((node) => node.ManagerStatus?.Leader);
    const name = leader === undefined ? 'nobody' : (names.get(leader.ID) ?? leader.ID);
    aspects.push(compare(spec.leader.includes(name), `led by ${listed(spec.leader)}`, `led by ${name}`));
  }
  if (spec.autolock !== undefined) {
    const locks = swarm.Spec.EncryptionConfig?.AutoLockManagers ?? false;
    const word = (on: boolean) => `autolock ${on ? 'on' : 'off'}`;
    aspects.push(compare(locks === spec.autolock, word(spec.autolock), word(locks)));
  }
  number('old tasks kept', spec['task-history'], swarm.Spec.Orchestration?.TaskHistoryRetentionLimit ?? 5, 'wrong');
  period('heartbeat', spec.heartbeat, swarm.Spec.Dispatcher?.HeartbeatPeriod);
  period('certificates valid for', spec['cert-expiry'], swarm.Spec.CAConfig?.NodeCertExpiry);
  if (aspects.length === 0) aspects.push(compare(true, 'a manager that answers', 'a manager answers'));
  return aspects;
}
