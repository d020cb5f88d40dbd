import { notAllowed } from '../refusal.ts';

/** Names that dockerd's own driver accepts for a volume, and the templates that a swarm's service may have in one. */
const VOLUME_NAME = /^[a-zA-Z0-9{][a-zA-Z0-9_.{} -]*$/;
const TMPFS_OPTION =
  /^(?:size=\d+[kKmMgG%]?|mode=[0-7]+|uid=\d+|gid=\d+|nr_inodes=\d+[kKmMgG]?|nosuid|nodev|noexec|ro)$/;

/**
 * Refuses options with which the local driver would mount something of the node or of another machine. A tmpfs is fine, and so is the
 * name of any other driver: plugins cannot be installed, so that it is nobody's, and whoever is asked says so in Docker's words.
 */
export function checkVolumeOptions(options: Readonly<Record<string, string>> | undefined): void {
  const given = Object.entries(options ?? {});
  if (given.length === 0) return;
  const { type, device, o, ...others } = options ?? {};
  const flags = (o ?? '').split(',').filter((flag) => flag !== '');
  const tmpfs = type === 'tmpfs' && (device === undefined || device === 'tmpfs');
  if (tmpfs && Object.keys(others).length === 0 && flags.every((flag) => TMPFS_OPTION.test(flag))) return;
  const shown = given.map(([key, value]) => `${key}=${value}`).join(', ');
  throw notAllowed(
    `a volume with the options ${shown}`,
    'they could mount folders of the node; leave them out, or make a tmpfs with type=tmpfs',
  );
}

/** Refuses a volume name that dockerd would not take for one. */
export function checkVolumeName(name: string): void {
  if (name === '' || VOLUME_NAME.test(name)) return;
  throw notAllowed(`a volume called ${name}`, 'names have letters, digits, "_", "." and "-"');
}
