import { type HttpCase, post } from '../http-case.ts';

/** What takes JSON. Updates name objects that there are not, for the body is read first. */
const TAKERS = [
  ...[
    '/services/create',
    '/services/no-such/update?version=987654',
    '/nodes/no-such/update?version=987654',
    '/swarm/update?version=987654',
  ],
  ...['/swarm/init', '/swarm/join', '/swarm/unlock', '/secrets/create', '/secrets/no-such/update?version=987654'],
  ...['/configs/create', '/configs/no-such/update?version=987654', '/networks/create'],
  ...['/networks/no-such/connect', '/networks/no-such/disconnect'],
];

const MALFORMED = [
  ...[
    '',
    ' ',
    '{',
    '{}{}',
    '{} x',
    '{}]',
    '[]',
    '"x"',
    '3',
    'null',
    'true',
    'nul',
    '{"Name"}',
    '{"Name":}',
    '{"Name":1}',
  ],
  ...['{"Name":"x",}', "{'Name':'x'}", '{"Name":"a\nb"}', '{"Name":"\\q"}', '{"Name":"\\ud800"}', '{"Name":["x"]}'],
  ...['{"Name":{"a":1}}', '{"Labels":"x"}', '{"Labels":{"a":1}}', '{"Labels":[]}', '{"name":2}', '{"NAME":true}'],
  ...['\ufeff{}', '{"Name":tru}', '{"Name":01}', '{"Name":1e}', '{"Name":-}', '{"a":.5}', '{"a":"\u0001"}'],
];

/** Bodies for POST /services/create of which one value has the wrong type. */
const SERVICE_BODIES = [
  ...[
    '{"TaskTemplate":[]}',
    '{"TaskTemplate":{"ContainerSpec":"x"}}',
    '{"TaskTemplate":{"ContainerSpec":{"Env":"x"}}}',
  ],
  ...['{"TaskTemplate":{"ContainerSpec":{"Env":[1]}}}', '{"Mode":{"Replicated":{"Replicas":-1}}}'],
  ...['{"Mode":{"Replicated":{"Replicas":1.5}}}', '{"Mode":{"Replicated":{"Replicas":"1"}}}', '{"Mode":"x"}'],
  ...['{"Mode":{"Replicated":{"Replicas":18446744073709551616}}}', '{"Mode":{"Replicated":{},"Global":{}}}'],
  ...['{"EndpointSpec":{"Ports":[{"TargetPort":4294967296}]}}', '{"EndpointSpec":{"Ports":{"TargetPort":80}}}'],
  ...[
    '{"UpdateConfig":{"MaxFailureRatio":"x"}}',
    '{"UpdateConfig":{"Parallelism":-1}}',
    '{"UpdateConfig":{"Delay":1.5}}',
  ],
  ...['{"TaskTemplate":{"ContainerSpec":{"Mounts":[{"Type":1}]}}}', '{"TaskTemplate":{"ContainerSpec":{"TTY":"x"}}}'],
  ...[
    '{"TaskTemplate":{"ContainerSpec":{"Secrets":[{"File":[]}]}}}',
    '{"TaskTemplate":{"Networks":[{"Aliases":"a"}]}}',
  ],
  ...['{"TaskTemplate":{"Resources":{"Limits":{"NanoCPUs":"1"}}}}', '{"TaskTemplate":{"ForceUpdate":-1}}'],
  ...['{"TaskTemplate":{"Placement":{"Constraints":"x"}}}', '{"TaskTemplate":{"RestartPolicy":{"Condition":1}}}'],
  ...[
    '{"TaskTemplate":{"LogDriver":{"Options":[]}}}',
    '{"TaskTemplate":{"ContainerSpec":{"Healthcheck":{"Test":"x"}}}}',
  ],
  ...['{"TaskTemplate":{"ContainerSpec":{"StopGracePeriod":"10s"}}}', '{"Labels":null,"Name":null}'],
];

/** JSON that is none, or not of the type that is wanted, for every endpoint that takes some. */
export const bodyCases: HttpCase[] = [
  ...TAKERS.flatMap((path) => [
    post(path),
    post(path, '{}', { headers: { 'content-type': 'text/plain' } }),
    post(path, '{}', { headers: { 'content-type': '' } }),
    post(path, '{}', { headers: { 'content-type': 'application/json; charset=utf-8' } }),
    post(path, '{}', { headers: { 'content-type': 'application/json/x' } }),
    ...MALFORMED.map((body) => post(path, body)),
  ]),
  ...SERVICE_BODIES.map((body) => post('/services/create', body)),
  ...[
    '{"Data":"x"}',
    '{"Data":"eA=="}',
    '{"Data":1}',
    '{"Data":[120]}',
    '{"Name":"x","Data":"!!"}',
    '{"Name":"x"}',
    '{"Name":"x y","Data":"eA=="}',
    '{"Name":"x","Driver":{"Name":"d"},"Data":"eA=="}',
    '{"Name":"x","Templating":{"Name":"d"},"Data":"eA=="}',
  ].flatMap((body) => [post('/secrets/create', body), post('/configs/create', body)]),
  ...[
    '{"Name":"n"}',
    '{"Name":"n","Driver":"nope"}',
    '{"Name":"a b","Driver":"overlay"}',
    '{"Name":"","Driver":"overlay"}',
    '{"Driver":"overlay"}',
    '{"Name":"host","Driver":"overlay"}',
    '{"Name":"n","Driver":"overlay","IPAM":{"Config":[{"Subnet":"x"}]}}',
    '{"Name":"n","Driver":"overlay","IPAM":{"Config":[{"Subnet":"10.9.0.0/24","Gateway":"10.8.0.1"}]}}',
    '{"Name":"n","Driver":"overlay","IPAM":{"Config":[{"Subnet":"10.9.0.1/24"}]}}',
    '{"Name":"n","Driver":"overlay","IPAM":{"Driver":"nope"}}',
    '{"Name":"n","Driver":"overlay","Ingress":true}',
    '{"Name":"n","Driver":"overlay","Ingress":true,"Attachable":true}',
    '{"Name":"n","Driver":"bridge","Ingress":true}',
    '{"Name":"n","Driver":"overlay","Scope":"local"}',
    '{"Name":"n","Driver":"overlay","Scope":"nope"}',
    '{"Name":"n","Driver":"overlay","Labels":{"com.docker.swarm.predefined":"x"}}',
    '{"Name":"n","Driver":"overlay","Options":{"encrypted":"x","com.docker.network.driver.overlay.vxlanid_list":"x"}}',
    '{"Name":"ingress","Driver":"overlay"}',
    '{"Name":"docker_gwbridge","Driver":"overlay"}',
    '{"Name":"bridge","Driver":"overlay"}',
    '{"Name":"none","Driver":"overlay"}',
    '{"Name":"default","Driver":"overlay"}',
  ].map((body) => post('/networks/create', body)),
  ...[
    '{"ListenAddr":"x"}',
    '{"ListenAddr":"0.0.0.0:2377","RemoteAddrs":[]}',
    '{"ListenAddr":"0.0.0.0:2377","RemoteAddrs":["x"],"JoinToken":"y"}',
    '{"ListenAddr":"0.0.0.0:2377","AdvertiseAddr":"eth9"}',
    '{"ListenAddr":"0.0.0.0:2377","Availability":"x"}',
    '{"ListenAddr":"0.0.0.0:2377","ForceNewCluster":"x"}',
    '{"ListenAddr":"0.0.0.0:2377","DataPathPort":-1}',
    '{"ListenAddr":"0.0.0.0:2377","SubnetSize":1.5}',
  ].flatMap((body) => [post('/swarm/init', body), post('/swarm/join', body)]),
];
