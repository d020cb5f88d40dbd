import type { ConfigReference, ContainerSpec, Mount, SecretReference } from '../../model/specs.ts';
import { ControlError } from '../control-error.ts';
import type { ContainerSpecRequest } from '../request/service-spec.ts';
import { mapOrNothing, omitEmpty } from './omit-empty.ts';

const MOUNT_TYPES = ['bind', 'volume', 'tmpfs', 'npipe', 'cluster'] as const;
const PROPAGATIONS = ['rprivate', 'private', 'rshared', 'shared', 'rslave', 'slave'];
const ISOLATIONS = ['default', 'process', 'hyperv'];

/** The container part of a task as Swarm stores it: what was asked for in Docker's order, with the few defaults that Swarm sets. */
export function normaliseContainerSpec(request: ContainerSpecRequest, registryAuth?: string): ContainerSpec {
  const { Image, Command, Args, Hostname, Env, Dir, User, Groups, StopSignal, TTY, OpenStdin, ReadOnly } = request;
  const privileges = request.Privileges === undefined ? undefined : normalisePrivileges(request.Privileges);
  return omitEmpty(
    {
      registryAuth,
      Image,
      Labels: mapOrNothing(request.Labels),
      Command,
      Args,
      Hostname,
      Env,
      Dir,
      User,
      Groups,
      Privileges: privileges,
      Init: request.Init,
      StopSignal,
      TTY,
      OpenStdin,
      ReadOnly,
      Mounts: request.Mounts?.map((mount) => normaliseMount(mount)),
      StopGracePeriod: request.StopGracePeriod,
      Healthcheck: request.Healthcheck && omitEmpty(request.Healthcheck),
      Hosts: request.Hosts,
      DNSConfig: request.DNSConfig && omitEmpty(request.DNSConfig),
      Secrets: normaliseReferences(request.Secrets, secretReference),
      Configs: normaliseReferences(request.Configs, configReference),
      Isolation: ISOLATIONS.includes(request.Isolation ?? '') ? request.Isolation : 'default',
      Sysctls: mapOrNothing(request.Sysctls),
      CapabilityAdd: request.CapabilityAdd,
      CapabilityDrop: request.CapabilityDrop,
      Ulimits: request.Ulimits?.map((limit) => ({
        Name: limit.Name ?? '',
        Hard: limit.Hard ?? 0,
        Soft: limit.Soft ?? 0,
      })),
    },
    ['Init', 'StopGracePeriod'],
  ) as ContainerSpec;
}

function normaliseMount(mount: NonNullable<NonNullable<ContainerSpecRequest['Mounts']>[number]>): Mount {
  const type = MOUNT_TYPES.find((known) => known === (mount.Type || 'bind').toLowerCase());
  if (type === undefined) throw new ControlError(400, `invalid MountType: ${JSON.stringify(mount.Type)}`);
  const { BindOptions: bind, VolumeOptions: volume, TmpfsOptions: tmpfs } = mount;
  return omitEmpty({
    Type: type,
    Source: mount.Source,
    Target: mount.Target,
    ReadOnly: mount.ReadOnly,
    BindOptions: bind && normaliseBind(bind),
    VolumeOptions:
      volume &&
      omitEmpty({
        NoCopy: volume.NoCopy,
        Labels: mapOrNothing(volume.Labels),
        Subpath: volume.Subpath,
        DriverConfig:
          volume.DriverConfig &&
          omitEmpty({ Name: volume.DriverConfig.Name, Options: mapOrNothing(volume.DriverConfig.Options) }),
      }),
    TmpfsOptions: tmpfs && omitEmpty(tmpfs),
  }) as Mount;
}

function normalisePrivileges(request: NonNullable<ContainerSpecRequest['Privileges']>): Record<string, unknown> {
  const { CredentialSpec: credentials, SELinuxContext: selinux, Seccomp: seccomp, AppArmor: apparmor } = request;
  if (credentials !== undefined) checkCredentials(credentials);
  return {
    CredentialSpec:
      credentials === undefined
        ? null
        : {
            Config: credentials.Config ?? '',
            File: credentials.File ?? '',
            Registry: credentials.Registry ?? '',
          },
    SELinuxContext:
      selinux === undefined
        ? null
        : {
            Disable: selinux.Disable ?? false,
            User: selinux.User ?? '',
            Role: selinux.Role ?? '',
            Type: selinux.Type ?? '',
            Level: selinux.Level ?? '',
          },
    ...(seccomp === undefined
      ? {}
      : { Seccomp: { ...omitEmpty(seccomp), Mode: knownMode(['unconfined', 'custom'], seccomp.Mode) } }),
    ...(apparmor === undefined ? {} : { AppArmor: { Mode: knownMode(['disabled'], apparmor.Mode) } }),
    NoNewPrivileges: request.NoNewPrivileges ?? false,
  };
}

/** Modes that Swarm does not know become the default. */
function knownMode(known: readonly string[], mode: string | undefined): string {
  return known.find((name) => name === mode) ?? 'default';
}

/** Of what a bind mount may be told, Swarm 26.1 keeps these two, and nothing at all when neither is given. */
function normaliseBind(bind: { Propagation?: string | undefined; NonRecursive?: boolean | undefined }) {
  const propagation = normalisePropagation(bind.Propagation);
  if (!bind.Propagation && !bind.NonRecursive) return undefined;
  return omitEmpty({ Propagation: propagation, NonRecursive: bind.NonRecursive });
}

function normalisePropagation(propagation: string | undefined): string {
  const known = PROPAGATIONS.find((name) => name === (propagation || 'rprivate').toLowerCase());
  if (known === undefined) throw new ControlError(400, `invalid MountPropagation: ${JSON.stringify(propagation)}`);
  return known;
}

function checkCredentials(credentials: NonNullable<NonNullable<ContainerSpecRequest['Privileges']>['CredentialSpec']>) {
  const given = (['Config', 'File', 'Registry'] as const).filter((kind) => credentials[kind]);
  if (given.length === 1) return;
  const [first, second] = given.map((kind) => JSON.stringify(kind.toLowerCase()));
  const problem =
    given.length === 0
      ? 'must either provide "file", "registry", or "config" for credential spec'
      : `cannot specify both ${first} and ${second} credential specs`;
  throw new ControlError(400, `invalid CredentialSpec: ${problem}`);
}

type FileTarget = NonNullable<SecretReference['File']>;

function fileTarget(file: Partial<FileTarget>): FileTarget {
  return { Name: file.Name ?? '', UID: file.UID ?? '', GID: file.GID ?? '', Mode: file.Mode ?? 0 };
}

function secretReference(request: NonNullable<NonNullable<ContainerSpecRequest['Secrets']>[number]>): SecretReference {
  return {
    ...(request.File === undefined ? {} : { File: fileTarget(request.File) }),
    SecretID: request.SecretID ?? '',
    SecretName: request.SecretName ?? '',
  };
}

function configReference(request: NonNullable<NonNullable<ContainerSpecRequest['Configs']>[number]>): ConfigReference {
  if (request.File === undefined && request.Runtime === undefined)
    throw new ControlError(400, 'invalid Config: either File or Runtime should be set');
  if (request.File !== undefined && request.Runtime !== undefined)
    throw new ControlError(400, 'invalid Config: cannot specify both File and Runtime');
  return {
    ...(request.File === undefined ? {} : { File: fileTarget(request.File) }),
    ...(request.Runtime === undefined ? {} : { Runtime: {} }),
    ConfigID: request.ConfigID ?? '',
    ConfigName: request.ConfigName ?? '',
  };
}

function normaliseReferences<Request, Reference>(
  requests: readonly (Request | undefined)[] | undefined,
  normalise: (request: NonNullable<Request>) => Reference,
): Reference[] | undefined {
  return requests?.flatMap((request) => (request == null ? [] : [normalise(request)]));
}
