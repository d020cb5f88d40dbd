import { existsSync } from 'node:fs';
import { hostname } from 'node:os';
import type Docker from 'dockerode';
import { formatSubnet, overlaps } from '../../orchestrator/allocator/ipv4.ts';
import { hasImage } from '../images/build-image.ts';
import { nodeImageTag } from '../images/node-image.ts';
import { engineMessage, outerEngineAddress } from '../outer-engine.ts';
import { usedSubnets } from '../provisioning/cluster-network.ts';
import { candidateSubnets } from '../subnet.ts';
import type { Finding } from './finding.ts';

/** What the Docker engine can do for nodes; one finding when there is none. */
export async function engineFindings(engine: Docker): Promise<Finding[]> {
  let info: {
    Name: string;
    ServerVersion: string;
    CgroupVersion?: string;
    CgroupDriver: string;
    DockerRootDir: string;
  };
  try {
    info = await engine.info();
  } catch (error) {
    return [
      {
        subject: 'Docker engine',
        state: 'missing',
        found: `none at ${outerEngineAddress()}: ${engineMessage(error)}`,
        follows: 'nodes are embedded: simulated engines, no real containers',
        remedy: 'Install docker.io and run `npm start` as root, or start your engine.',
      },
    ];
  }
  return [
    { subject: 'Docker engine', state: 'ok', found: `${info.ServerVersion} at ${outerEngineAddress()}` },
    whereItIs(info),
    await subnet(engine),
    await nodeImage(engine),
  ];
}

/** Nodes share sockets with this machine through folders, so the engine must see the same files. */
function whereItIs(info: { Name: string; DockerRootDir: string }): Finding {
  const subject = 'engine on this machine';
  const socket = outerEngineAddress();
  if (socket.startsWith('unix://') && (info.Name === hostname() || existsSync(info.DockerRootDir))) {
    return { subject, state: 'ok', found: info.Name };
  }
  return {
    subject,
    state: 'missing',
    found: `it calls itself ${info.Name}, this machine is ${hostname()}`,
    follows: 'nodes cannot share their sockets with this machine; real nodes will not come up',
    remedy: 'Run swarmlab where the engine runs.',
  };
}

async function subnet(engine: Docker): Promise<Finding> {
  const used = await usedSubnets(engine);
  const free = [...candidateSubnets()].find((candidate) => !used.some((other) => overlaps(candidate, other)));
  if (free) return { subject: 'subnet', state: 'ok', found: `the next cluster gets ${formatSubnet(free)}` };
  return {
    subject: 'subnet',
    state: 'missing',
    found: 'all from 10.10.10.0/24 to 10.10.249.0/24 are in use',
    follows: 'a cluster must be given one',
    remedy: 'cluster up --subnet',
  };
}

async function nodeImage(engine: Docker): Promise<Finding> {
  const tag = nodeImageTag();
  if (await hasImage(engine, tag)) return { subject: 'node image', state: 'ok', found: tag };
  return {
    subject: 'node image',
    state: 'limited',
    found: 'not made yet',
    follows: 'the first cluster takes some minutes',
    remedy: '`swarmlab prepare` makes it now.',
  };
}
