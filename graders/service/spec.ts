import type { Service } from '../../server/grading/engine-objects.ts';
import type { Variables } from '../../server/labs/template.ts';
import { type Aspect, compare } from '../aspect.ts';
import { imageName } from '../fields.ts';
import { declaredReplicas, judgeRunning, type Tasks } from '../running.ts';
import { asPairs, Demands } from './demands.ts';
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
  const { Networks, Resources } = service.Spec.TaskTemplate;
  const demands = new Demands();
  const published = wanted.published === undefined ? undefined : judgePublished(wanted.published, service);
  judgeScale(demands, wanted, service);
  judgeProgram(demands, wanted, service);
  if (published) demands.add(published.aspect);
  demands.contains(
    'networks',
    wanted.networks,
    Networks.map(({ Target }) => networkNames.get(Target) ?? Target),
  );
  judgePlacement(demands, wanted, service);
  judgeContainer(demands, wanted, service);
  if (wanted.reserve) demands.add(...judgeResources('reservation', wanted.reserve, Resources?.Reservations));
  if (wanted.limit) demands.add(...judgeResources('limit', wanted.limit, Resources?.Limits));
  if (wanted.restart) demands.add(...judgeRestart(wanted.restart, service));
  demands.equal('endpoint mode', wanted['endpoint-mode'], service.Spec.EndpointSpec?.Mode ?? 'vip');
  if (wanted.healthcheck !== undefined) demands.add(judgeHealthcheck(wanted.healthcheck, service));
  if (wanted.running !== undefined) demands.add(judgeRunning(seen, wanted.running));
  if (demands.aspects.length === 0) demands.add(compare(true, 'to be there', 'there'));
  return { aspects: demands.aspects, bindings: published?.bindings ?? {} };
}

/** Its mode, how many tasks it asks for, how often a job has run. */
function judgeScale(demands: Demands, wanted: ServiceCheck, service: Service): void {
  const mode = modeOf(service);
  const declared = declaredReplicas(service);
  const runs = service.JobStatus ? (service.JobStatus.JobIteration?.Index ?? 0) + 1 : 0;
  demands.equal('mode', wanted.mode, mode);
  demands.counted(
    wanted.replicas,
    declared,
    (count) => `${count} replicas`,
    declared === undefined ? `no number of replicas (${mode})` : `${declared} replicas`,
  );
  demands.counted(wanted.runs, runs, (count) => `run ${count} times`, `run ${runs} times`);
}

/** What its containers run. */
function judgeProgram(demands: Demands, wanted: ServiceCheck, service: Service): void {
  const container = service.Spec.TaskTemplate.ContainerSpec;
  demands.equal('image', wanted.image && imageName(wanted.image), imageName(container?.Image ?? ''));
  demands.equal('arguments', wanted.args, (container?.Args ?? []).join(' '));
  demands.equal('command', wanted.command, (container?.Command ?? []).join(' '));
}

/** On which nodes its tasks may be, and how they are spread. */
function judgePlacement(demands: Demands, wanted: ServiceCheck, service: Service): void {
  const placement = service.Spec.TaskTemplate.Placement;
  const most = placement?.MaxReplicas ?? 0;
  demands.contains('constraints', wanted.constraints?.map(tight), (placement?.Constraints ?? []).map(tight));
  demands.equal(
    'spread over',
    wanted.spread?.join(', '),
    (placement?.Preferences ?? []).map(({ Spread }) => Spread?.SpreadDescriptor ?? '').join(', '),
  );
  demands.counted(
    wanted['max-per-node'],
    most,
    (count) => `at most ${count} per node`,
    most === 0 ? 'any number per node' : `at most ${most} per node`,
  );
}

/** What its containers are given: environment, labels, secrets, configs and mounts. */
function judgeContainer(demands: Demands, wanted: ServiceCheck, service: Service): void {
  const container = service.Spec.TaskTemplate.ContainerSpec;
  const { Secrets = [], Configs = [], Mounts = [] } = container ?? {};
  demands.contains('environment', wanted.env && asPairs(wanted.env), container?.Env ?? []);
  demands.containsPairs('labels', wanted.labels, service.Spec.Labels);
  demands.containsPairs('container labels', wanted['container-labels'], container?.Labels ?? {});
  demands.contains(
    'secrets',
    wanted.secrets,
    Secrets.map(({ SecretName }) => SecretName),
  );
  demands.contains(
    'configs',
    wanted.configs,
    Configs.map(({ ConfigName }) => ConfigName),
  );
  demands.contains(
    'files',
    wanted.files,
    [...Secrets, ...Configs].flatMap(({ File }) => File?.Name ?? []),
  );
  demands.contains(
    'mounts on',
    wanted.mounts,
    Mounts.map(({ Target }) => Target),
  );
}

/** Whether it defines a health check of its own; `NONE` turns off that of the image. */
function judgeHealthcheck(wanted: boolean, service: Service): Aspect {
  const test = service.Spec.TaskTemplate.ContainerSpec?.Healthcheck?.Test ?? [];
  const inWords = (has: boolean) => (has ? 'a health check' : 'no health check');
  const has = test.length > 0 && test[0] !== 'NONE';
  return compare(has === wanted, inWords(wanted), inWords(has));
}

/** Constraints are compared without the spaces that docker allows around the operator. */
const tight = (constraint: string) => constraint.replace(/\s*(==|!=)\s*/, '$1');
