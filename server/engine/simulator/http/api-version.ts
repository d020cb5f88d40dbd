/** The API version of Docker 26.1, which the simulated engine speaks. */
export const API_VERSION = '1.45';

/** Headers that every answer of a daemon has. */
export const DAEMON_HEADERS = {
  'Api-Version': API_VERSION,
  'Docker-Experimental': 'false',
  Ostype: 'linux',
  Server: 'Docker/26.1.5+dfsg1 (linux)',
} as const;
