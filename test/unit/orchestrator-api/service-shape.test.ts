import { beforeEach, expect, test } from 'vitest';
import type { ApiObject, ControlApi } from '../../../server/orchestrator/api/control-api.ts';
import { TestFleet } from './test-fleet.ts';

let control: ControlApi;
beforeEach(async () => {
  const fleet = new TestFleet();
  await fleet.swarm();
  control = fleet.control();
});

/** The spec that a created service shows. */
async function specOf(request: ApiObject, insertDefaults = false): Promise<ApiObject> {
  const { ID } = await control.services.create(request);
  return control.services.get(ID, { insertDefaults }).Spec as ApiObject;
}
const shown = (spec: ApiObject) => JSON.stringify(spec);
const plain = (container: ApiObject = {}) => ({ ContainerSpec: { Image: 'nginx', ...container } });

test('what nobody asked for is not shown, but for the few things that Swarm always sets', async () => {
  expect(shown(await specOf({ Name: 'web', TaskTemplate: plain() }))).toBe(
    '{"Name":"web","Labels":{},"TaskTemplate":{"ContainerSpec":{"Image":"nginx","Isolation":"default"},"ForceUpdate":0,"Runtime":"container"},"Mode":{"Replicated":{"Replicas":1}}}',
  );
});

test('insertDefaults shows all that Swarm assumes, in Docker’s order', async () => {
  expect(shown(await specOf({ Name: 'web', TaskTemplate: plain({ Hosts: ['1.2.3.4 a'] }) }, true))).toBe(
    '{"Name":"web","Labels":{},"TaskTemplate":{"ContainerSpec":{"Image":"nginx","StopGracePeriod":10000000000,"Hosts":["1.2.3.4 a"],"DNSConfig":{},"Isolation":"default"},"Resources":{},"RestartPolicy":{"Condition":"any","Delay":5000000000,"MaxAttempts":0},"Placement":{},"ForceUpdate":0,"Runtime":"container"},"Mode":{"Replicated":{"Replicas":1}},"UpdateConfig":{"Parallelism":1,"FailureAction":"pause","Monitor":5000000000,"MaxFailureRatio":0,"Order":"stop-first"},"RollbackConfig":{"Parallelism":1,"FailureAction":"pause","Monitor":5000000000,"MaxFailureRatio":0,"Order":"stop-first"}}',
  );
});

test('a spec with everything comes back as it was, in Docker’s order', async () => {
  const everything = {
    ContainerSpec: {
      Image: 'nginx',
      Labels: { x: 'y' },
      Command: ['a'],
      Args: ['b'],
      Hostname: '{{.Node.Hostname}}',
      Env: ['A=1'],
      Dir: '/',
      User: 'root',
      Groups: ['1'],
      Privileges: { CredentialSpec: null, SELinuxContext: null, NoNewPrivileges: true },
      Init: false,
      StopSignal: 'SIGINT',
      TTY: true,
      OpenStdin: true,
      ReadOnly: true,
      Mounts: [{ Type: 'volume', Source: 'v', Target: '/v', ReadOnly: true, VolumeOptions: { NoCopy: true } }],
      StopGracePeriod: 5_000_000_000,
      Healthcheck: { Test: ['CMD', 'true'], Interval: 1_000_000_000, Retries: 3 },
      Hosts: ['1.2.3.4 a'],
      DNSConfig: { Nameservers: ['1.1.1.1'] },
      Isolation: 'default',
      Sysctls: { 'net.core.somaxconn': '100' },
      CapabilityAdd: ['CAP_NET_ADMIN'],
      CapabilityDrop: ['CAP_CHOWN'],
      Ulimits: [{ Name: 'nofile', Hard: 100, Soft: 50 }],
    },
    Resources: { Limits: { NanoCPUs: 100_000_000, Pids: 100 }, Reservations: { MemoryBytes: 10_000_000 } },
    RestartPolicy: { Condition: 'on-failure', Delay: 1, MaxAttempts: 3, Window: 5 },
    Placement: {
      Constraints: ['node.role==manager'],
      Preferences: [{ Spread: { SpreadDescriptor: 'node.labels.x' } }],
      MaxReplicas: 2,
      Platforms: [{ OS: 'linux' }],
    },
    LogDriver: { Name: 'json-file', Options: { 'max-size': '1m' } },
    ForceUpdate: 2,
    Runtime: 'container',
  };
  const request = {
    Name: 'web',
    Labels: { a: 'b' },
    TaskTemplate: everything,
    Mode: { Replicated: { Replicas: 2 } },
    UpdateConfig: {
      Parallelism: 2,
      Delay: 1,
      FailureAction: 'rollback',
      Monitor: 2,
      MaxFailureRatio: 0.25,
      Order: 'start-first',
    },
    EndpointSpec: {
      Mode: 'vip',
      Ports: [{ Name: 'http', Protocol: 'tcp', TargetPort: 80, PublishedPort: 8080, PublishMode: 'ingress' }],
    },
  };
  expect(shown(await specOf(request))).toBe(JSON.stringify(request));
});

test.each<[string, ApiObject, ApiObject]>([
  ['keys in any case', { replicas: 1, contaInerspec: { image: 'nginx', tty: true } }, { TTY: true }],
  [
    'empty lists and maps',
    plain({ Command: [], Env: [], Labels: {}, Mounts: [], DNSConfig: { Nameservers: [] } }),
    { DNSConfig: {} },
  ],
  ['null in lists and maps', plain({ Env: [null], Labels: { a: null } }), { Labels: { a: '' }, Env: [''] }],
  ['maps in the order of their keys', plain({ Labels: { b: '1', a: '2' } }), { Labels: { a: '2', b: '1' } }],
  ['a mount without type', plain({ Mounts: [{ Target: '/a' }] }), { Mounts: [{ Type: 'bind', Target: '/a' }] }],
  [
    'bind options that 26.1 does not keep',
    plain({ Mounts: [{ Type: 'BIND', Target: '/a', Consistency: 'cached', BindOptions: { CreateMountpoint: true } }] }),
    { Mounts: [{ Type: 'bind', Target: '/a' }] },
  ],
  [
    'bind options that it does',
    plain({ Mounts: [{ Type: 'bind', Target: '/a', BindOptions: { NonRecursive: true } }] }),
    { Mounts: [{ Type: 'bind', Target: '/a', BindOptions: { Propagation: 'rprivate', NonRecursive: true } }] },
  ],
  [
    'unknown security modes',
    plain({ Privileges: { Seccomp: { Mode: 'x' }, AppArmor: {} } }),
    {
      Privileges: {
        CredentialSpec: null,
        SELinuxContext: null,
        Seccomp: { Mode: 'default' },
        AppArmor: { Mode: 'default' },
        NoNewPrivileges: false,
      },
    },
  ],
])('%s', async (_name, template, container) => {
  const spec = await specOf({ Name: 'web', TaskTemplate: template });
  const { Image, Isolation, ...rest } = (spec.TaskTemplate as { ContainerSpec: ApiObject }).ContainerSpec;
  expect([Image, Isolation]).toEqual(['nginx', 'default']);
  expect(shown(rest)).toBe(JSON.stringify(container));
});

test.each([
  [{}, { Replicated: { Replicas: 1 } }],
  [{ Replicated: {} }, { Replicated: { Replicas: 1 } }],
  [{ Global: {} }, { Global: {} }],
  [{ GlobalJob: {} }, { GlobalJob: {} }],
  [{ ReplicatedJob: {} }, { ReplicatedJob: { MaxConcurrent: 1, TotalCompletions: 1 } }],
  [{ ReplicatedJob: { MaxConcurrent: 3 } }, { ReplicatedJob: { MaxConcurrent: 3, TotalCompletions: 3 } }],
  [{ ReplicatedJob: { TotalCompletions: 5 } }, { ReplicatedJob: { MaxConcurrent: 1, TotalCompletions: 5 } }],
])('mode %j becomes %j', async (Mode, expected) => {
  expect((await specOf({ Name: 'web', TaskTemplate: plain(), Mode })).Mode).toEqual(expected);
});

test('a service without a name is given one', async () => {
  expect((await specOf({ TaskTemplate: plain() })).Name).toMatch(/^[a-z]+_[a-z]+$/);
});

test('registry credentials are never shown', async () => {
  const { ID } = await control.services.create({ Name: 'web', TaskTemplate: plain() }, { registryAuth: 'c2VjcmV0' });
  expect(JSON.stringify([control.services.get(ID), control.services.list(), control.tasks.list()])).not.toContain(
    'c2VjcmV0',
  );
});
