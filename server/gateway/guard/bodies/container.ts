import {
  goAny,
  goBool,
  goDuration,
  goInt,
  goList,
  goMap,
  goString,
  goStruct,
} from '../../../orchestrator/api/request/go-json.ts';
import { hostConfig } from './host-config.ts';

/** Go's types of the bodies with which containers are made and run. */

const strings = goList(goString());
const nothing = goStruct('struct', {});

const endpointSettings = goStruct('network.EndpointSettings', {
  IPAMConfig: goStruct('network.EndpointIPAMConfig', {
    IPv4Address: goString(),
    IPv6Address: goString(),
    LinkLocalIPs: strings,
  }),
  Links: strings,
  Aliases: strings,
  MacAddress: goString(),
  DriverOpts: goMap(goString()),
  GwPriority: goInt('int'),
  NetworkID: goString(),
  EndpointID: goString(),
  Gateway: goString(),
  IPAddress: goString(),
  IPPrefixLen: goInt('int'),
  IPv6Gateway: goString(),
  GlobalIPv6Address: goString(),
  GlobalIPv6PrefixLen: goInt('int'),
  DNSNames: strings,
});

const configFields = {
  Hostname: goString(),
  Domainname: goString(),
  User: goString(),
  AttachStdin: goBool(),
  AttachStdout: goBool(),
  AttachStderr: goBool(),
  ExposedPorts: goMap(nothing),
  Tty: goBool(),
  OpenStdin: goBool(),
  StdinOnce: goBool(),
  Env: strings,
  Cmd: goAny('strslice.StrSlice'),
  Healthcheck: goStruct('container.HealthConfig', {
    Test: strings,
    Interval: goDuration(),
    Timeout: goDuration(),
    StartPeriod: goDuration(),
    StartInterval: goDuration(),
    Retries: goInt('int'),
  }),
  ArgsEscaped: goBool(),
  Image: goString(),
  Volumes: goMap(nothing),
  WorkingDir: goString(),
  Entrypoint: goAny('strslice.StrSlice'),
  NetworkDisabled: goBool(),
  MacAddress: goString(),
  OnBuild: strings,
  Labels: goMap(goString()),
  StopSignal: goString(),
  StopTimeout: goInt('int'),
  Shell: goAny('strslice.StrSlice'),
};

/** Body of POST /commit. */
export const containerConfig = goStruct('container.Config', configFields);

/** Body of POST /containers/create. */
export const containerCreate = goStruct(
  'runconfig.ContainerConfigWrapper',
  {
    ...configFields,
    HostConfig: hostConfig,
    NetworkingConfig: goStruct('network.NetworkingConfig', { EndpointsConfig: goMap(endpointSettings) }),
  },
  Object.fromEntries(Object.keys(configFields).map((name) => [name, 'Config'])),
);

/** Body of POST /containers/ID/exec. */
export const execCreate = goStruct('types.ExecConfig', {
  User: goString(),
  Privileged: goBool(),
  Tty: goBool(),
  ConsoleSize: goList(goInt('uint64', 'uint')),
  AttachStdin: goBool(),
  AttachStderr: goBool(),
  AttachStdout: goBool(),
  Detach: goBool(),
  DetachKeys: goString(),
  Env: strings,
  WorkingDir: goString(),
  Cmd: strings,
  Container: goString(),
});

/** Body of POST /exec/ID/start. */
export const execStart = goStruct('types.ExecStartCheck', {
  Detach: goBool(),
  Tty: goBool(),
  ConsoleSize: goList(goInt('uint64', 'uint')),
});

/** Body of POST /networks/ID/connect. */
export const networkConnect = goStruct('types.NetworkConnect', {
  Container: goString(),
  EndpointConfig: endpointSettings,
});

/** Body of POST /networks/ID/disconnect. */
export const networkDisconnect = goStruct('types.NetworkDisconnect', { Container: goString(), Force: goBool() });
