import { join } from 'node:path';
import { PROJECT_ROOT } from '../../../server/clusters/project-root.ts';
import { Served } from './served.ts';

const SERVER = join(PROJECT_ROOT, 'test', 'e2e', 'support', 'stand-in-server.ts');
const LABS = join(PROJECT_ROOT, 'test', 'e2e', 'labs');

/** Starts a server of the stand-in nodes in `folder`/nodes; it keeps its state in `folder`/state, so that it can be started again. */
export function startStandInServer(folder: string, port: number): Promise<Served> {
  const args = ['--import', 'tsx', SERVER, String(port), join(folder, 'nodes'), LABS];
  return Served.start(args, port, join(folder, 'state'));
}
