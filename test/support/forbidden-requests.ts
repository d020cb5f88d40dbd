/**
 * Every class of what a lab does not allow, by each way in which it can be asked for. `body` is what the request would carry, `query`
 * what follows the question mark.
 */
export interface ForbiddenRequest {
  what: string;
  method: 'POST' | 'PUT' | 'DELETE' | 'GET';
  path: string;
  body?: object;
}

const host = (what: string, settings: object): ForbiddenRequest => ({
  what: `container: ${what}`,
  method: 'POST',
  path: '/containers/create',
  body: { Image: 'alpine', HostConfig: settings },
});

const service = (what: string, container: object, task: object = {}): ForbiddenRequest[] =>
  ['/services/create', '/services/web/update?version=1'].map((path) => ({
    what: `service: ${what}`,
    method: 'POST',
    path,
    body: { Name: 'web', TaskTemplate: { ContainerSpec: { Image: 'alpine', ...container }, ...task } },
  }));

const build = (what: string, query: string): ForbiddenRequest => ({
  what: `build: ${what}`,
  method: 'POST',
  path: `/build?${query}`,
});

const bind = (source: string) => ({ Type: 'bind', Source: source, Target: '/x' });
const volumeOf = (options: object, name = 'local') => ({
  Type: 'volume',
  Source: 'v',
  Target: '/x',
  VolumeOptions: { DriverConfig: { Name: name, Options: options } },
});

/** Sources that lead out of the student's home however they are written. */
const OUTSIDE = [
  '/',
  '/var/lib/docker',
  '/home',
  '/home/vagrant2',
  '/home/vagrant/..',
  '/home/vagrant/../../etc',
  '/home/vagrant/x/../../root',
  '//etc',
  '/./etc',
  '/run/swarmlab-engine/docker.sock',
  '/var/run',
  '/home/vagrant/{{.Service.Name}}',
];

const VOLUME_OPTIONS = [
  { type: 'none', o: 'bind', device: '/' },
  { o: 'bind', device: '/var/lib', type: 'none' },
  { type: 'nfs', o: 'addr=10.0.0.1', device: ':/x' },
  { type: 'ext4', device: '/dev/vda' },
  { type: 'tmpfs', device: 'tmpfs', o: 'bind' },
  { type: 'tmpfs', device: '/dev/vda' },
  { type: 'overlay', device: 'overlay', o: 'lowerdir=/etc,upperdir=/x' },
  { device: '/etc' },
  { surprise: 'x' },
];

export const FORBIDDEN: ForbiddenRequest[] = [
  host('privileged', { Privileged: true }),
  ...['host', 'container:web'].flatMap((mode) => [
    host(`network ${mode}`, { NetworkMode: mode }),
    host(`pid ${mode}`, { PidMode: mode }),
    host(`ipc ${mode}`, { IpcMode: mode }),
  ]),
  host('uts', { UTSMode: 'host' }),
  host('userns', { UsernsMode: 'host' }),
  host('cgroupns', { CgroupnsMode: 'host' }),
  host('cgroup', { Cgroup: 'container:web' }),
  host('devices', { Devices: [{ PathOnHost: '/dev/vda', PathInContainer: '/x', CgroupPermissions: 'rwm' }] }),
  host('device cgroup rules', { DeviceCgroupRules: ['a *:* rwm'] }),
  host('device requests', { DeviceRequests: [{ Count: -1, Capabilities: [['gpu']] }] }),
  host('block device', { BlkioDeviceReadBps: [{ Path: '/dev/vda', Rate: 1 }] }),
  ...['SYS_ADMIN', 'CAP_SYS_ADMIN', 'cap_net_admin', 'ALL', 'all', 'SYS_PTRACE', 'BPF'].map((capability) =>
    host(`capability ${capability}`, { CapAdd: [capability] }),
  ),
  host('capability as a string', { CapAdd: 'SYS_ADMIN' }),
  ...[
    'seccomp=unconfined',
    'apparmor=unconfined',
    'systempaths=unconfined',
    'label=disable',
    'no-new-privileges=false',
  ].map((option) => host(`security option ${option}`, { SecurityOpt: [option] })),
  host('masked paths', { MaskedPaths: [] }),
  host('read-only paths', { ReadonlyPaths: [] }),
  host('runtime', { Runtime: 'io.containerd.kata.v2' }),
  host('isolation', { Isolation: 'hyperv' }),
  host('cgroup parent', { CgroupParent: '/' }),
  host('sysctl', { Sysctls: { 'kernel.msgmax': '1' } }),
  host('sysctl of the network', { Sysctls: { 'net.ipv4.ip_forward': '1' } }),
  host('annotation', { Annotations: { 'run.oci.hooks.stdout': '/etc/passwd' } }),
  host('OOM score', { OomScoreAdj: -1000 }),
  host('log driver', { LogConfig: { Type: 'syslog', Config: { 'syslog-address': 'unix:///dev/log' } } }),
  host('log option', { LogConfig: { Type: 'json-file', Config: { 'syslog-address': 'x' } } }),
  host('storage option', { StorageOpt: { 'dm.thinpooldev': 'x' } }),
  ...OUTSIDE.flatMap((source) => [
    host(`-v ${source}`, { Binds: [`${source}:/x`] }),
    host(`--mount ${source}`, { Mounts: [bind(source)] }),
    ...service(`--mount ${source}`, { Mounts: [bind(source)] }),
  ]),
  host('bind of a relative path', { Mounts: [bind('home/vagrant')] }),
  host('bind without a source', { Mounts: [bind('')] }),
  host('shared propagation', { Binds: ['/home/vagrant:/x:shared'] }),
  host('shared propagation of a mount', {
    Mounts: [{ ...bind('/home/vagrant'), BindOptions: { Propagation: 'rshared' } }],
  }),
  host('mount of another type', { Mounts: [{ Type: 'cluster', Source: 'v', Target: '/x' }] }),
  host('mount of no type', { Mounts: [null] }),
  host('volume with a path for a name', { Mounts: [{ Type: 'volume', Source: '/etc', Target: '/x' }] }),
  ...VOLUME_OPTIONS.flatMap((options) => [
    host(`volume with ${JSON.stringify(options)}`, { Mounts: [volumeOf(options)] }),
    ...service(`volume with ${JSON.stringify(options)}`, { Mounts: [volumeOf(options)] }),
    {
      what: `volume: ${JSON.stringify(options)}`,
      method: 'POST' as const,
      path: '/volumes/create',
      body: { Name: 'v', DriverOpts: options },
    },
  ]),
  ...['swarmlab.overlay', 'com.docker.swarm.task.id'].flatMap((label): ForbiddenRequest[] =>
    ['/containers/create', '/volumes/create', '/networks/create'].map((path) => ({
      what: `label ${label} by ${path}`,
      method: 'POST',
      path,
      body: { ...(path === '/containers/create' ? { Image: 'alpine' } : { Name: 'n' }), Labels: { [label]: 'x' } },
    })),
  ),
  { what: 'volume: cluster', method: 'POST', path: '/volumes/create', body: { Name: 'v', ClusterVolumeSpec: {} } },
  { what: 'volume: update', method: 'PUT', path: '/volumes/v?version=1', body: {} },

  { what: 'exec: privileged', method: 'POST', path: '/containers/web/exec', body: { Cmd: ['sh'], Privileged: true } },
  {
    what: 'update: devices',
    method: 'POST',
    path: '/containers/web/update',
    body: { Devices: [{ PathOnHost: '/dev/vda' }] },
  },
  { what: 'update: cgroup parent', method: 'POST', path: '/containers/web/update', body: { CgroupParent: '/' } },

  build('host network', 'networkmode=host'),
  build("another container's network", 'networkmode=container%3Aweb'),
  build('cgroup parent', 'cgroupparent=%2F'),
  build('security options', `securityopt=${encodeURIComponent('["seccomp=unconfined"]')}`),
  build('isolation', 'isolation=hyperv'),
  build('remote context', 'remote=https%3A%2F%2Fexample.com%2Fx.git'),
  build('BuildKit', 'version=2'),
  build('session', 'session=abc'),
  build('outputs', `outputs=${encodeURIComponent('[{"type":"local"}]')}`),
  { what: 'build: session', method: 'POST', path: '/session' },
  { what: 'build: grpc', method: 'POST', path: '/grpc' },
  { what: 'image: import of a URL', method: 'POST', path: '/images/create?fromSrc=http%3A%2F%2F169.254.169.254' },

  ...service('capability', { CapabilityAdd: ['CAP_SYS_ADMIN'] }),
  ...service('sysctl', { Sysctls: { 'kernel.msgmax': '1' } }),
  ...service('seccomp', { Privileges: { Seccomp: { Mode: 'unconfined' } } }),
  ...service('AppArmor', { Privileges: { AppArmor: { Mode: 'disabled' } } }),
  ...service('SELinux', { Privileges: { SELinuxContext: { Disable: true } } }),
  ...service('credential spec', { Privileges: { CredentialSpec: { File: 'x' } } }),
  ...service('isolation', { Isolation: 'hyperv' }),
  ...service('host network', {}, { Networks: [{ Target: 'host' }] }),
  ...service('host network by its ID', {}, { Networks: [{ Target: 'hostnetworkid' }] }),
  ...service('log driver', {}, { LogDriver: { Name: 'syslog' } }),
  ...service('plugin', {}, { Runtime: 'plugin', PluginSpec: { remote: 'x' } }),
  ...service('attachment', {}, { NetworkAttachmentSpec: { ContainerID: 'x' } }),
  {
    what: 'service: networks of old',
    method: 'POST',
    path: '/services/create',
    body: { Networks: [{ Target: 'host' }] },
  },

  ...[
    '/plugins/pull?remote=x',
    '/plugins/create?name=x',
    '/plugins/x/enable',
    '/plugins/x/set',
    '/plugins/a/b/upgrade',
  ].map((path): ForbiddenRequest => ({ what: `plugin: ${path}`, method: 'POST', path, body: {} })),
  { what: 'plugin: privileges', method: 'GET', path: '/plugins/privileges?remote=x' },
  { what: 'plugin: removal', method: 'DELETE', path: '/plugins/x' },
  { what: 'network: macvlan', method: 'POST', path: '/networks/create', body: { Name: 'n', Driver: 'macvlan' } },
  {
    what: 'network: bridge of the node',
    method: 'POST',
    path: '/networks/create',
    body: { Name: 'n', Options: { 'com.docker.network.bridge.name': 'docker0' } },
  },
  {
    what: 'swarm: external CA',
    method: 'POST',
    path: '/swarm/update?version=1',
    body: { CAConfig: { ExternalCAs: [{ Protocol: 'cfssl', URL: 'https://x' }] } },
  },
  { what: 'checkpoint', method: 'POST', path: '/containers/web/checkpoints', body: {} },
  { what: 'attach over a WebSocket', method: 'GET', path: '/containers/web/attach/ws?stream=1' },
];

/**
 * What names a driver that no node has. Plugins cannot be installed, so that the guard need not know of it: Docker refuses it in its own
 * words, or, where it only notes a wish, no node is ever found for it.
 */
export const OF_NOBODY: ForbiddenRequest[] = [
  host('volume driver', { VolumeDriver: 'flocker', Binds: ['v:/x'] }),
  host('volume of another driver', { Mounts: [volumeOf({}, 'flocker')] }),
  ...service('volume driver', { Mounts: [volumeOf({}, 'flocker')] }),
  { what: 'volume: driver', method: 'POST', path: '/volumes/create', body: { Name: 'v', Driver: 'flocker' } },
  ...['bridge', 'overlay'].map(
    (driver): ForbiddenRequest => ({
      what: `network: IPAM driver of a network of ${driver}`,
      method: 'POST',
      path: '/networks/create',
      body: { Name: 'n', Driver: driver, IPAM: { Driver: 'x' } },
    }),
  ),
  { what: 'secret: driver', method: 'POST', path: '/secrets/create', body: { Name: 's', Driver: { Name: 'x' } } },
];
