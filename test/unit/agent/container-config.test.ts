import { describe, expect, it } from 'vitest';
import { containerConfig, portStatus } from '../../../server/agent/tasks/container-config.ts';
import { checkMount, volumesToCreate } from '../../../server/agent/tasks/mounts.ts';
import type { Task } from '../../../server/orchestrator/model/objects.ts';
import type { ContainerSpec } from '../../../server/orchestrator/model/specs.ts';
import { assignedTask } from './lone-node.ts';

interface Body {
  [key: string]: unknown;
  HostConfig: Record<string, unknown>;
}

function bodyFor(spec: ContainerSpec, task: Partial<Task> = {}): Body {
  const networking = { networkMode: 'bridge', endpoints: { ingress: { IPAMConfig: { IPv4Address: '10.0.0.5' } } } };
  return containerConfig({ task: assignedTask(spec, task), spec, networking, binds: [] }) as Body;
}

describe('the container of a task', () => {
  it('replaces the image’s entrypoint with a command, and gives mere arguments to it', () => {
    const { Entrypoint, Cmd } = bodyFor({ Image: 'nginx', Command: ['sh', '-c'], Args: ['true'] });
    expect([Entrypoint, Cmd]).toEqual([['sh', '-c'], ['true']]);
    const plain = bodyFor({ Image: 'nginx', Args: ['nginx', '-t'] });
    expect([plain.Entrypoint, plain.Cmd]).toEqual([undefined, ['nginx', '-t']]);
    expect(bodyFor({ Image: 'nginx' })).not.toHaveProperty('Cmd');
  });

  it('is never restarted by the engine, and is on the networks it was given', () => {
    const { HostConfig, NetworkingConfig } = bodyFor({ Image: 'nginx' });
    expect(HostConfig).toMatchObject({ NetworkMode: 'bridge', RestartPolicy: { Name: 'no' }, Ulimits: [] });
    expect(NetworkingConfig).toEqual({ EndpointsConfig: { ingress: { IPAMConfig: { IPv4Address: '10.0.0.5' } } } });
  });

  it('has its limits, but not its reservations', () => {
    const Resources = {
      Limits: { NanoCPUs: 5e8, MemoryBytes: 2 ** 26, Pids: 50 },
      Reservations: { MemoryBytes: 2 ** 25 },
    };
    const { HostConfig } = bodyFor({ Image: 'nginx' }, { Spec: { Resources } });
    expect(HostConfig).toMatchObject({ NanoCpus: 5e8, Memory: 2 ** 26, PidsLimit: 50 });
    expect(HostConfig).not.toHaveProperty('MemoryReservation');
  });

  it('publishes the ports of host mode and leaves those of the mesh to the mesh', () => {
    const Ports = [
      { Protocol: 'tcp', TargetPort: 80, PublishedPort: 8080, PublishMode: 'host' },
      { Protocol: 'udp', TargetPort: 53, PublishMode: 'host' },
      { Protocol: 'tcp', TargetPort: 443, PublishedPort: 30_000, PublishMode: 'ingress' },
    ] as const;
    const { HostConfig, ExposedPorts } = bodyFor({ Image: 'nginx' }, { endpoint: { Spec: {}, Ports: [...Ports] } });
    expect(HostConfig.PortBindings).toEqual({ '80/tcp': [{ HostPort: '8080' }], '53/udp': [{ HostPort: '' }] });
    expect(ExposedPorts).toEqual({ '80/tcp': {}, '53/udp': {} });
  });

  it('gets its hosts in the engine’s own notation, without aliases', () => {
    expect(bodyFor({ Image: 'nginx', Hosts: ['1.1.1.1 one uno', '2.2.2.2 two'] }).HostConfig.ExtraHosts).toEqual([
      'one:1.1.1.1',
      'two:2.2.2.2',
    ]);
  });

  it('asks the name servers of its spec, else those of its networks', () => {
    const spec = { Image: 'nginx' };
    const networking = { networkMode: 'bridge', endpoints: {}, dns: { nameservers: ['10.10.10.100'] } };
    const dns = (ContainerSpec: ContainerSpec) =>
      (containerConfig({ task: assignedTask(spec), spec: ContainerSpec, networking, binds: [] }) as Body).HostConfig
        .Dns;
    expect(dns(spec)).toEqual(['10.10.10.100']);
    expect(dns({ ...spec, DNSConfig: { Nameservers: ['9.9.9.9'] } })).toEqual(['9.9.9.9']);
  });

  it('is told of the generic resources it was given', () => {
    const GenericResources = [
      { NamedResourceSpec: { Kind: 'gpu', Value: 'a' } },
      { NamedResourceSpec: { Kind: 'gpu', Value: 'b' } },
      { DiscreteResourceSpec: { Kind: 'ssd', Value: 3 } },
    ];
    expect(bodyFor({ Image: 'nginx', Env: ['A=b'] }, { GenericResources }).Env).toEqual([
      'A=b',
      'DOCKER_RESOURCE_GPU=a,b',
      'DOCKER_RESOURCE_SSD=3',
    ]);
  });
});

it('tells one published port where the engine binds it for IPv4 and for IPv6', () => {
  const bound = [
    { HostIp: '0.0.0.0', HostPort: '32768' },
    { HostIp: '::', HostPort: '32768' },
  ];
  expect(portStatus({ '80/tcp': bound, '443/tcp': null })).toEqual({
    Ports: [{ Protocol: 'tcp', TargetPort: 80, PublishedPort: 32_768, PublishMode: 'host' }],
  });
  expect(portStatus({})).toEqual({});
});

describe('mounts', () => {
  it.each([
    [{ Type: 'volume', Source: 'v', Target: 'data' }, 'invalid mount target, must be an absolute path: data'],
    [{ Type: 'bind', Source: 'v', Target: '/d' }, 'invalid bind mount source, must be an absolute path: v'],
    [{ Type: 'volume', Source: '/v', Target: '/d' }, 'invalid volume mount source, must not be an absolute path: /v'],
    [{ Type: 'tmpfs', Source: 'v', Target: '/d' }, 'invalid tmpfs source, source must be empty'],
  ] as const)('that make no sense are refused in Swarm’s words (%j)', (mount, message) => {
    expect(() => checkMount(mount)).toThrow(message);
  });

  it('need a volume beforehand only where the spec chooses its driver', () => {
    expect(
      volumesToCreate([
        { Type: 'volume', Source: 'plain', Target: '/a', VolumeOptions: { DriverConfig: {} } },
        {
          Type: 'volume',
          Source: 'own',
          Target: '/b',
          VolumeOptions: { DriverConfig: { Name: 'local' }, Labels: { a: 'b' } },
        },
        { Type: 'bind', Source: '/home', Target: '/c' },
      ]),
    ).toEqual([{ Name: 'own', Driver: 'local', DriverOpts: {}, Labels: { a: 'b' } }]);
  });
});
