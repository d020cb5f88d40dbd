import { beforeEach, expect, test } from 'vitest';
import type { ApiObject, ControlApi } from '../../../server/orchestrator/api/control-api.ts';
import { TestFleet } from './test-fleet.ts';

let control: ControlApi;
beforeEach(async () => {
  const fleet = new TestFleet();
  await fleet.swarm();
  control = fleet.control();
});

const invalid = (description: string) => `rpc error: code = InvalidArgument desc = ${description}`;
const body = (template: ApiObject = {}, container: ApiObject = {}, more: ApiObject = {}) => ({
  Name: 'web',
  TaskTemplate: { ContainerSpec: { Image: 'nginx', ...container }, ...template },
  ...more,
});
const container = (fields: ApiObject) => body({}, fields);
const secret = (name: string, file?: string, id = 'id') => ({
  SecretID: id,
  SecretName: name,
  ...(file === undefined ? {} : { File: { Name: file } }),
});
const port = (target: number, published = 0, mode = 'ingress') => ({
  TargetPort: target,
  PublishedPort: published,
  PublishMode: mode,
});

test.each<[number, string, unknown]>([
  // What cannot be read at all.
  [400, 'mismatched Runtime and *Spec fields', {}],
  [400, 'mismatched Runtime and *Spec fields', undefined],
  [400, 'invalid JSON: json: cannot unmarshal array into Go value of type swarm.ServiceSpec', []],
  [
    400,
    'invalid JSON: json: cannot unmarshal number into Go struct field ServiceSpec.Annotations.Name of type string',
    { Name: 5 },
  ],
  [
    400,
    'invalid JSON: json: cannot unmarshal number into Go struct field ServiceSpec.Annotations.Labels of type string',
    { Labels: { a: 1 } },
  ],
  [
    400,
    'invalid JSON: json: cannot unmarshal string into Go struct field ContainerSpec.TaskTemplate.ContainerSpec.Env of type []string',
    { TaskTemplate: { ContainerSpec: { Env: 'A' } } },
  ],
  [
    400,
    'invalid JSON: json: cannot unmarshal number -1 into Go struct field ReplicatedService.Mode.Replicated.Replicas of type uint64',
    { mode: { replicated: { replicas: -1 } } },
  ],
  [
    400,
    'invalid JSON: json: cannot unmarshal number 1.5 into Go struct field ReplicatedService.Mode.Replicated.Replicas of type uint64',
    { Mode: { Replicated: { Replicas: 1.5 } } },
  ],
  [
    400,
    'invalid JSON: json: cannot unmarshal string into Go struct field RestartPolicy.TaskTemplate.RestartPolicy.Delay of type time.Duration',
    { TaskTemplate: { RestartPolicy: { Delay: '5s' } } },
  ],
  [
    400,
    'invalid JSON: json: cannot unmarshal object into Go struct field EndpointSpec.EndpointSpec.Ports of type []swarm.PortConfig',
    { EndpointSpec: { Ports: {} } },
  ],
  [
    400,
    'invalid JSON: json: cannot unmarshal number into Go struct field ContainerSpec.TaskTemplate.ContainerSpec.Ulimits of type units.Ulimit',
    { TaskTemplate: { ContainerSpec: { Ulimits: [5] } } },
  ],
  // What the daemon refuses before it asks the manager.
  [400, 'unsupported runtime', body({ Runtime: 'bogus' })],
  [400, 'unsupported runtime', body({ Runtime: 'attachment' })],
  [400, 'mismatched Runtime and *Spec fields', body({ Runtime: 'plugin' })],
  [
    400,
    'plugins must not use replicated mode',
    { TaskTemplate: { PluginSpec: {}, Runtime: 'plugin' }, Mode: { Replicated: {} } },
  ],
  [
    500,
    'runtime type "plugin" only supported in experimental',
    { TaskTemplate: { PluginSpec: {}, Runtime: 'plugin' }, Mode: { Global: {} } },
  ],
  [400, 'invalid MountType: "x"', container({ Mounts: [{ Type: 'x' }] })],
  [400, 'invalid MountPropagation: "x"', container({ Mounts: [{ Type: 'bind', BindOptions: { Propagation: 'x' } }] })],
  [
    400,
    'invalid CredentialSpec: cannot specify both "config" and "registry" credential specs',
    container({ Privileges: { CredentialSpec: { Registry: 'x', Config: 'y' } } }),
  ],
  [
    400,
    'invalid CredentialSpec: must either provide "file", "registry", or "config" for credential spec',
    container({ Privileges: { CredentialSpec: {} } }),
  ],
  [400, 'invalid Config: either File or Runtime should be set', container({ Configs: [{}] })],
  [
    400,
    'invalid Config: cannot specify both File and Runtime',
    container({ Configs: [{ File: { Name: 'f' }, Runtime: {} }] }),
  ],
  [400, 'invalid RestartCondition: "ANY"', body({ RestartPolicy: { Condition: 'ANY' } })],
  [400, 'unrecognized update failure action x', body({}, {}, { UpdateConfig: { FailureAction: 'x' } })],
  [400, 'unrecognized update order x', body({}, {}, { UpdateConfig: { Order: 'x' } })],
  [400, 'invalid resolution mode: "x"', body({}, {}, { EndpointSpec: { Mode: 'x' } })],
  [400, 'must specify only one service mode', body({}, {}, { Mode: { Replicated: {}, Global: {} } })],
  [500, 'network nosuch not found', body({ Networks: [{ Target: 'nosuch' }] })],
  [400, 'network  is ambiguous (3 matches found)', body({ Networks: [{ Target: '' }] })],
  [
    403,
    'The network docker_gwbridge cannot be used with services. Only networks scoped to the swarm can be used, such as those created with the overlay driver.',
    body({ Networks: [{ Target: 'docker_gwbridge' }] }),
  ],
  [
    404,
    'could not find the corresponding predefined swarm network: network none not found',
    body({ Networks: [{ Target: 'none' }] }),
  ],
  // What the manager refuses.
  [400, invalid('name must be valid as a DNS name component'), body({}, {}, { Name: 'bad name' })],
  [400, invalid('name must be valid as a DNS name component'), body({}, {}, { Name: 'a.b' })],
  [400, invalid('name must be valid as a DNS name component'), body({}, {}, { Name: '-bad' })],
  [400, invalid('name must be 63 characters or fewer'), body({}, {}, { Name: 'a'.repeat(64) })],
  [400, invalid('invalid cpu value 1e-09: Must be at least 0.001'), body({ Resources: { Limits: { NanoCPUs: 1 } } })],
  [
    400,
    invalid('invalid memory value 5: Must be at least 4MiB'),
    body({ Resources: { Reservations: { MemoryBytes: 5 } } }),
  ],
  [400, invalid('TaskSpec: restart-delay cannot be negative'), body({ RestartPolicy: { Delay: -1 } })],
  [400, invalid('TaskSpec: restart-window cannot be negative'), body({ RestartPolicy: { Window: -1 } })],
  [
    500,
    'rpc error: code = Unknown desc = constraint expected one operator from ==, !=',
    body({ Placement: { Constraints: ['node.role'] } }),
  ],
  [500, "rpc error: code = Unknown desc = key 'no de' is invalid", body({ Placement: { Constraints: ['no de==x'] } })],
  [400, invalid('malformed secret reference'), container({ Secrets: [{ SecretID: 'x' }] })],
  [400, invalid('malformed secret reference, no target provided'), container({ Secrets: [secret('pw')] })],
  [
    400,
    invalid('malformed file secret reference, invalid target file name provided'),
    container({ Secrets: [secret('pw', '')] }),
  ],
  [
    400,
    invalid("secret references 'a' and 'b' have a conflicting target: 'f'"),
    container({ Secrets: [secret('a', 'f'), secret('b', 'f', 'other')] }),
  ],
  [400, invalid('secret not found: pw'), container({ Secrets: [secret('pw', 'f')] })],
  [400, invalid('secrets not found: a, b'), container({ Secrets: [secret('a', 'f'), secret('b', 'g', 'other')] })],
  [
    400,
    invalid('config not found: c'),
    container({ Configs: [{ ConfigID: 'x', ConfigName: 'c', File: { Name: 'f' } }] }),
  ],
  [400, invalid('ContainerSpec: image reference must be provided'), container({ Image: '' })],
  [400, invalid('ContainerSpec: "NGINX" is not a valid repository/tag'), container({ Image: 'NGINX' })],
  [400, invalid('ContainerSpec: "nginx:" is not a valid repository/tag'), container({ Image: 'nginx:' })],
  [
    400,
    invalid('ContainerSpec: duplicate mount point: /a'),
    container({
      Mounts: [
        { Type: 'volume', Target: '/a' },
        { Type: 'volume', Target: '/a' },
      ],
    }),
  ],
  [
    400,
    invalid('ContainerSpec: Interval in HealthConfig cannot be less than 1ms'),
    container({ Healthcheck: { Interval: 1 } }),
  ],
  [
    400,
    invalid('ContainerSpec: Retries in HealthConfig cannot be negative'),
    container({ Healthcheck: { Retries: -1 } }),
  ],
  [
    400,
    invalid(
      'expanding hostname failed: template: expansion:1:10: executing "expansion" at <.Service.Foo>: can\'t evaluate field Foo in type struct { ID string; Name string; Labels map[string]string }',
    ),
    container({ Hostname: '{{.Service.Foo}}' }),
  ],
  [
    400,
    invalid('expanding env failed: expanding env "A={{.Service.Name": template: expansion:1: unclosed action'),
    container({ Env: ['A={{.Service.Name'] }),
  ],
  [
    400,
    invalid(
      'expanding mounts failed: expanding mount source "{{foo}}": template: expansion:1: function "foo" not defined',
    ),
    container({ Mounts: [{ Type: 'volume', Source: '{{foo}}', Target: '/a' }] }),
  ],
  [400, invalid('Jobs may not have an update config'), body({}, {}, { Mode: { GlobalJob: {} }, UpdateConfig: {} })],
  [400, invalid('TaskSpec: update-delay cannot be negative'), body({}, {}, { UpdateConfig: { Delay: -1 } })],
  [400, invalid('TaskSpec: update-monitor cannot be negative'), body({}, {}, { UpdateConfig: { Monitor: -1 } })],
  [
    400,
    invalid('TaskSpec: update-maxfailureratio cannot be less than 0 or bigger than 1'),
    body({}, {}, { UpdateConfig: { MaxFailureRatio: 1.5 } }),
  ],
  [
    400,
    invalid("EndpointSpec: port published with ingress mode can't be used with dnsrr mode"),
    body({}, {}, { EndpointSpec: { Mode: 'dnsrr', Ports: [port(80)] } }),
  ],
  [
    400,
    invalid('EndpointSpec: duplicate published ports provided'),
    body({}, {}, { EndpointSpec: { Ports: [port(80, 700), port(81, 700, 'host')] } }),
  ],
  [
    400,
    invalid('Service cannot be explicitly attached to the ingress network "ingress"'),
    body({ Networks: [{ Target: 'ingress' }] }),
  ],
])('%i %s', async (status, message, request) => {
  await expect(control.services.create(request)).rejects.toMatchObject({ status, message });
  expect(control.services.list()).toEqual([]);
});

test('of several mistakes the first in the order of SwarmKit’s checks is named', async () => {
  const request = {
    Name: 'a.',
    TaskTemplate: {
      ContainerSpec: { Image: '', Secrets: [{}] },
      Placement: { Constraints: ['x'] },
      RestartPolicy: { Delay: -1 },
      Resources: { Limits: { NanoCPUs: 1 } },
    },
    EndpointSpec: { Mode: 'dnsrr', Ports: [port(80)] },
  };
  const refused: string[] = [];
  const repairs = [
    () => Object.assign(request, { Name: 'a' }),
    () => Object.assign(request.TaskTemplate, { Resources: {} }),
    () => Object.assign(request.TaskTemplate, { RestartPolicy: {} }),
    () => Object.assign(request.TaskTemplate, { Placement: {} }),
    () => Object.assign(request.TaskTemplate.ContainerSpec, { Secrets: [] }),
    () => Object.assign(request.TaskTemplate.ContainerSpec, { Image: 'nginx' }),
    () => Object.assign(request.EndpointSpec, { Ports: [] }),
  ];
  for (const repair of repairs) {
    await control.services.create(request).catch((error: Error) => refused.push(error.message));
    repair();
  }
  expect(refused.map((message) => message.split('desc = ')[1]?.slice(0, 24))).toEqual([
    'name must be valid as a ',
    'invalid cpu value 1e-09:',
    'TaskSpec: restart-delay ',
    'constraint expected one ',
    'malformed secret referen',
    'ContainerSpec: image ref',
    'EndpointSpec: port publi',
  ]);
  await control.services.create(request);
});
