import type { WitnessedRequest } from '../../server/grading/witnessed-request.ts';
import type { RequestPattern } from './docker-commands.ts';

/** What a thing is called by: its name and ID; of one that is gone, whose ID nobody knows any more, the IDs that it cannot have had. */
export interface About {
  names: readonly string[];
  notOthers: ReadonlySet<string> | undefined;
}

/** What a request must have besides its pattern. */
export interface RequestDemand {
  /** The thing that it is about; undefined: anything. */
  about: About | undefined;
  filters: Readonly<Record<string, readonly string[]>>;
  query: Readonly<Record<string, string>>;
}

/** Whether a request is what a pattern describes and has what is demanded. */
export function matchesRequest(request: WitnessedRequest, pattern: RequestPattern, demand: RequestDemand): boolean {
  if (
    request.client !== 'command' ||
    request.method !== pattern.method ||
    !matchesPath(request.path, pattern.path, demand.about)
  )
    return false;
  const { filters } = request;
  const query = { ...pattern.query, ...demand.query };
  const named = pattern.filter === undefined ? [] : (filters[pattern.filter] ?? []);
  return (
    Object.entries(query).every(([key, value]) => sameValue(request.query[key], value)) &&
    (pattern.filter === undefined || (named.length > 0 && named.some((name) => isAbout(name, demand.about)))) &&
    Object.entries(demand.filters).every(([key, values]) => values.every((value) => filters[key]?.includes(value)))
  );
}

function matchesPath(path: string, pattern: string, about: About | undefined): boolean {
  const found = path.split('/');
  const wanted = pattern.split('/');
  return (
    found.length === wanted.length &&
    wanted.every((segment, index) => {
      const there = decodeURIComponent(found[index] ?? '');
      return segment === '*' || (segment === 'of' ? isAbout(there, about) : segment === there);
    })
  );
}

/** IDs of Swarm's objects. */
const ID = /^[a-z0-9]{25}$/;

/** A name, an ID, or the beginning of an ID. */
function isAbout(written: string, about: About | undefined): boolean {
  if (about === undefined) return true;
  if (about.notOthers !== undefined && ID.test(written)) return !about.notOthers.has(written);
  return about.names.some((name) => name === written || (written !== '' && ID.test(name) && name.startsWith(written)));
}

/** Clients write true as `1` or `true`. */
function sameValue(found: string | undefined, wanted: string): boolean {
  if (wanted === '*') return found !== undefined;
  const truth = (value: string | undefined) => (value === '1' ? 'true' : value === '0' ? 'false' : value);
  return truth(found) === truth(wanted);
}
