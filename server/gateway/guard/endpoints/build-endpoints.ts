import type { z } from 'zod';
import { decode, goInt, goList, goMap, goString, goStruct } from '../../../orchestrator/api/request/go-json.ts';
import { canonicalKeys } from '../json/canonical-keys.ts';
import { parseStrictJson } from '../json/strict-json.ts';
import { notAllowed } from '../refusal.ts';
import { checkNetworkMode } from '../rules/namespaces.ts';
import { checkSecurityOptions } from '../rules/security-options.ts';
import { type Endpoint, FILTERS, post, type QueryRule, TAR } from './endpoint.ts';
import { refuseBuildKit } from './image-endpoints.ts';

/** A JSON value in the query, of a known type. */
function typed<T extends object>(schema: z.ZodType<T | undefined>, check: (value: Partial<T>) => void): QueryRule {
  return (text) => {
    if (text === '') return '';
    const value = canonicalKeys(parseStrictJson(Buffer.from(text)), schema);
    check(decode(schema, value));
    return JSON.stringify(value);
  };
}

/** A parameter that may only be what it is when nobody sets it. */
function unset(refuse: (value: string) => Error, ...harmless: string[]): QueryRule {
  return (value) => {
    if (value === '' || harmless.includes(value)) return value;
    throw refuse(value);
  };
}

const strings = goList(goString());
const ulimits = goList(
  goStruct('units.Ulimit', { Name: goString(), Hard: goInt('int64'), Soft: goInt('int64') }),
  '[]*units.Ulimit',
);

/** /build: the classic builder alone, with a context that comes with the request. */
export const buildEndpoints: Endpoint[] = [
  post(
    '/build',
    {
      dockerfile: 'text',
      t: 'list',
      extrahosts: 'list',
      remote: unset((remote) => notAllowed(`building from ${remote}`, 'give a folder or a Dockerfile of your own')),
      q: 'text',
      nocache: 'text',
      cachefrom: typed(strings, () => {}),
      pull: 'text',
      rm: 'text',
      forcerm: 'text',
      memory: 'text',
      memswap: 'text',
      cpushares: 'text',
      cpusetcpus: 'text',
      cpusetmems: 'text',
      cpuperiod: 'text',
      cpuquota: 'text',
      shmsize: 'text',
      squash: 'text',
      buildargs: typed(goMap(goString()), () => {}),
      labels: typed(goMap(goString()), () => {}),
      networkmode: (mode) => {
        checkNetworkMode(mode);
        return mode;
      },
      platform: 'text',
      target: 'text',
      ulimits: typed(ulimits, () => {}),
      securityopt: typed(strings, (options) => checkSecurityOptions(Object.values(options as string[]))),
      cgroupparent: unset((parent) => notAllowed(`the cgroup parent ${parent}`, 'the engine chooses it; leave it out')),
      isolation: unset((isolation) => notAllowed(`the isolation ${isolation}`, 'it is for Windows only'), 'default'),
      version: unset(refuseBuildKit, '1'),
      session: unset(refuseBuildKit),
      buildid: unset(refuseBuildKit),
      outputs: unset(refuseBuildKit),
    },
    TAR,
  ),
  post('/build/prune', { 'keep-storage': 'text', all: 'text', ...FILTERS }),
];
