import type { OutgoingHttpHeaders } from 'node:http';
import { ControlError } from '../../orchestrator/api/control-error.ts';

/** What the engine of every node calls itself: Debian trixie's, pinned in the node image. */
export const ENGINE_VERSION = '26.1.5+dfsg1';
export const API_VERSION = '1.45';
const MINIMUM_API_VERSION = '1.24';

/** Headers that every answer of a daemon has, once it has found out what is asked of it. */
export const DAEMON_HEADERS: OutgoingHttpHeaders = {
  'api-version': API_VERSION,
  'docker-experimental': 'false',
  ostype: 'linux',
  server: `Docker/${ENGINE_VERSION} (linux)`,
};

const { 'docker-experimental': _notYet, ...versionHeaders } = DAEMON_HEADERS;
/** Headers of a refusal to speak a client's version, which comes before the rest of them is known. */
export const VERSION_HEADERS: OutgoingHttpHeaders = versionHeaders;

/** A version that the daemon does not speak. */
export class VersionRefused extends ControlError {
  constructor(message: string) {
    super(400, message);
    this.name = 'VersionRefused';
  }
}

/** A path, or a method of it, that there is not. */
export class PageNotFound extends ControlError {
  constructor() {
    super(404, 'page not found');
    this.name = 'PageNotFound';
  }
}

/** Throws Docker's 400 for a version that is not between the oldest and the newest; undefined counts as the newest. */
export function checkVersion(version: string | undefined): void {
  if (version === undefined) return;
  if (compareVersions(version, MINIMUM_API_VERSION) < 0) {
    const minimum = `Minimum supported API version is ${MINIMUM_API_VERSION}`;
    throw new VersionRefused(
      `client version ${version} is too old. ${minimum}, please upgrade your client to a newer version`,
    );
  }
  if (compareVersions(version, API_VERSION) > 0) {
    throw new VersionRefused(`client version ${version} is too new. Maximum supported API version is ${API_VERSION}`);
  }
}

/** Negative when `a` is older than `b`, 0 when they are the same, positive when `a` is newer. */
export function compareVersions(a: string, b: string): number {
  const left = a.split('.').map(Number);
  const right = b.split('.').map(Number);
  for (let at = 0; at < Math.max(left.length, right.length); at++) {
    const difference = (left[at] ?? 0) - (right[at] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}
