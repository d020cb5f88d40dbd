import { DEFAULT_NODES } from '../front-matter.ts';
import type { CheckSource, Lab } from '../lab.ts';
import { isThere } from './image-smell.ts';

/** How every node of a fresh cluster is. */
const NODE: Record<string, unknown> = { availability: 'active', state: 'ready', running: 0 };
const SWARM: Record<string, unknown> = { autolock: false, 'task-history': 5, heartbeat: '5s', 'cert-expiry': '2160h' };
const NETWORKS: Record<string, Record<string, unknown>> = {
  ingress: { driver: 'overlay', scope: 'swarm', ingress: true, attachable: false, internal: false },
  bridge: { driver: 'bridge', scope: 'local' },
  host: { driver: 'host', scope: 'local' },
  none: { driver: 'null', scope: 'local' },
};

/** What all checks may say, and what narrows down where they look: neither decides whether a fresh cluster passes. */
const ASIDE = new Set(['title', 'points', 'within', 'stable', 'edge', 'reached', 'on']);

/** Why a check holds on a cluster on which nobody has done anything; undefined where it does not, or where that cannot be told. */
export function holdsOnFresh(check: CheckSource, lab: Lab): { about: string; why: string } | undefined {
  const { grader, value } = check;
  const about = String(value[grader]);
  const fields = Object.entries(value).filter(([key]) => key !== grader && !ASIDE.has(key));
  if (fields.some(([key]) => ['already', 'never', 'absent', 'same'].includes(key))) return undefined;
  const are = (fresh: Record<string, unknown>) => fields.every(([key, wanted]) => fresh[key] === wanted);
  const nodes: readonly string[] = lab.cluster.nodes ?? DEFAULT_NODES;
  switch (grader) {
    case 'node': {
      const role = about === nodes[0] ? 'manager' : 'worker';
      return nodes.includes(about) && are({ ...NODE, role })
        ? { about, why: 'every node begins like that' }
        : undefined;
    }
    case 'swarm':
      return about === 'quorum' && are({ ...SWARM, managers: 1, workers: nodes.length - 1 })
        ? { about: 'docker swarm', why: 'the Swarm begins like that' }
        : undefined;
    case 'network': {
      const fresh = NETWORKS[about];
      return fresh !== undefined && are(fresh) ? { about, why: 'this network is always there' } : undefined;
    }
    case 'image':
      return isThere(about) && fields.length === 0 ? { about, why: 'the nodes begin with this image' } : undefined;
    default:
      return undefined;
  }
}
