import type { Service } from '../../server/grading/engine-objects.ts';
import type { Variables } from '../../server/labs/template.ts';
import { type Aspect, compare } from '../aspect.ts';
import { describeCount, imageName, listed, matchesCount } from '../fields.ts';
import { declaredReplicas, judgeRunning, type Tasks } from '../running.ts';
import { judgePublished } from './published.ts';
import { judgeResources, judgeRestart } from './resources.ts';
import type { MODES, ServiceCheck } from './service-fields.ts';

/** The mode of a service, in the words of `docker service ls`. */
export function modeOf(service: Service): (typeof MODES)[number] {
  const mode = service.Spec.Mode;
  if (mode.Global) return 'global';
  if (mode.ReplicatedJob) return 'replicated-job';
  return mode.GlobalJob ? 'global-job' : 'replicated';
}

/** Judges everything that a check says of a service that is there. */
export function judgeSpec(
  wanted: ServiceCheck,
  seen: Tasks,
  networkNames: ReadonlyMap<string, string>,
): { aspects: Aspect[]; bindings: Variables } {
  const { service } = seen;
  const template = service.Spec.TaskTemplate;
  const container = template.ContainerSpec;
  const aspects: Aspect[] = [];
  let bindings: Variables = {};
  const equal = (what: string, expected: string | undefined, found: string) => {
    if (expected !== undefined)
      aspects.push(compare(found === expected, `${what} ${expected}`, `${what} ${found || 'none'}`));
  };
  const contains = (what: string, expected: readonly string[] | undefined, found: readonly string[]) => {
    if (expected !== undefined)
      aspects.push(
        compare(
          expected.every((item) => found.includes(item)),
          `${what} ${listed(expected)}`,
          `${what} ${listed(found)}`,
        ),
      );
  };
  const hasPairs = (
    what: string,
    expected: Readonly<Record<string, string>> | undefined,
    found: Readonly<Record<string, string>>,
  ) => contains(what, expected && asPairs(expected), asPairs(found));

  equal('mode', wanted.mode, modeOf(service));
  if (wanted.replicas !== undefined) {
    const declared = declaredReplicas(service);
    aspects.push(
      compare(
        declared !== undefined && matchesCount(wanted.replicas, declared),
        `${describeCount(wanted.replicas)} replicas`,
        declared === undefined ? `no number of replicas (${modeOf(service)})` : `${declared} replicas`,
      ),
    );
  }
  if (wanted.runs !== undefined) {
    const runs = service.JobStatus ? (service.JobStatus.JobIteration?.Index ?? 0) + 1 : 0;
    aspects.push(
      compare(matchesCount(wanted.runs, runs), `run ${describeCount(wanted.runs)} times`, `run ${runs} times`),
    );
  }
  equal('image', wanted.image && imageName(wanted.image), imageName(container?.Image ?? ''));
  equal('arguments', wanted.args, (container?.Args ?? []).join(' '));
  equal('command', wanted.command, (container?.Command ?? []).join(' '));
  if (wanted.published !== undefined) {
    const judged = judgePublished(wanted.published, service);
    aspects.push(judged.aspect);
    bindings = { ...bindings, ...judged.bindings };
  }
  contains(
    'networks',
    wanted.networks,
    template.Networks.map(({ Target }) => networkNames.get(Target) ?? Target),
  );
  contains('constraints', wanted.constraints?.map(tight), (template.Placement?.Constraints ?? []).map(tight));
  equal(
    'spread over',
    wanted.spread?.join(', '),
    (template.Placement?.Preferences ?? []).map(({ Spread }) => Spread?.SpreadDescriptor ?? '').join(', '),
  );
  if (wanted['max-per-node'] !== undefined) {
    const most = template.Placement?.MaxReplicas ?? 0;
    aspects.push(
      compare(
        matchesCount(wanted['max-per-node'], most),
        `at most ${describeCount(wanted['max-per-node'])} per node`,
        most === 0 ? 'any number per node' : `at most ${most} per node`,
      ),
    );
  }
  contains('environment', wanted.env && asPairs(wanted.env), container?.Env ?? []);
  hasPairs('labels', wanted.labels, service.Spec.Labels);
  hasPairs('container labels', wanted['container-labels'], container?.Labels ?? {});
  contains(
    'secrets',
    wanted.secrets,
    (container?.Secrets ?? []).map(({ SecretName }) => SecretName),
  );
  contains(
    'configs',
    wanted.configs,
    (container?.Configs ?? []).map(({ ConfigName }) => ConfigName),
  );
  contains(
    'files',
    wanted.files,
    [...(container?.Secrets ?? []), ...(container?.Configs ?? [])].flatMap(({ File }) => File?.Name ?? []),
  );
  contains(
    'mounts on',
    wanted.mounts,
    (container?.Mounts ?? []).map(({ Target }) => Target),
  );
  if (wanted.reserve) aspects.push(...judgeResources('reservation', wanted.reserve, template.Resources?.Reservations));
  if (wanted.limit) aspects.push(...judgeResources('limit', wanted.limit, template.Resources?.Limits));
  if (wanted.restart) aspects.push(...judgeRestart(wanted.restart, service));
  equal('endpoint mode', wanted['endpoint-mode'], service.Spec.EndpointSpec?.Mode ?? 'vip');
  if (wanted.healthcheck !== undefined) {
    const test = container?.Healthcheck?.Test ?? [];
    const has = test.length > 0 && test[0] !== 'NONE';
    aspects.push(
      compare(
        has === wanted.healthcheck,
        wanted.healthcheck ? 'a health check' : 'no health check',
        has ? 'a health check' : 'no health check',
      ),
    );
  }
  if (wanted.running !== undefined) aspects.push(judgeRunning(seen, wanted.running));
  if (aspects.length === 0) aspects.push(compare(true, 'to be there', 'there'));
  return { aspects, bindings };
}

const asPairs = (pairs: Readonly<Record<string, string>>) =>
  Object.entries(pairs).map(([key, value]) => `${key}=${value}`);

/** Constraints are compared without the spaces that docker allows around the operator. */
const tight = (constraint: string) => constraint.replace(/\s*(==|!=)\s*/, '$1');
