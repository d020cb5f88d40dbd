import { join } from 'node:path';
import type { Clock, Disposable } from '../clock/clock.ts';
import { RealClock } from '../clock/real-clock.ts';
import { sandboxProblem } from '../clusters/embedded/sandbox-check.ts';
import { keepSharedHost } from '../clusters/embedded/shared-host/find-shared-host.ts';
import { engineAnswers, outerEngineAddress } from '../clusters/outer-engine.ts';
import { PROJECT_ROOT } from '../clusters/project-root.ts';
import { makePrivateFolder, stateFolder } from '../clusters/state-folder.ts';
import { SwarmlabError } from '../errors/swarmlab-error.ts';
import { openOwnCluster } from '../grading/own-cluster.ts';
import { createHttpServer } from '../http/http-server.ts';
import { Identity } from '../http/identity/identity.ts';
import { LABS_FOLDER, listLabs, loadLab, translationsOf } from '../labs/lab-library.ts';
import type { ClusterDoor } from '../workspaces/cluster/cluster-door.ts';
import { OwnClusters } from '../workspaces/cluster/own-clusters.ts';
import { openDatabase } from '../workspaces/database/database.ts';
import type { GradingFace } from '../workspaces/workspace.ts';
import { WorkspaceStore } from '../workspaces/workspace-store.ts';
import { type LabShelf, Workspaces } from '../workspaces/workspaces.ts';
import { checkServedFiles } from './check-served-files.ts';
import { parseServeOptions, type ServeOptions } from './serve-options.ts';

/** Where a server's clusters come from, and how they are graded. */
export interface ServedClusters {
  /** What they are, in a sentence for whoever starts the server. */
  description: string;
  door: ClusterDoor;
  gradingFace: GradingFace;
  /** Other labs than those in the folder, kept apart from what students have done, and what happens once the server listens. */
  authoring?: {
    labs: LabShelf;
    database: string;
    begun: (workspaces: Workspaces, user: string) => Promise<Disposable>;
  };
}

/** `swarmlab serve`: serves the page, on the clusters of this machine, until it is told to end. */
export async function serve(given: unknown, authoring?: ServedClusters['authoring']): Promise<void> {
  const options = parseServeOptions(given);
  checkServedFiles(options);
  const clock = new RealClock();
  const simulated = options.nodes === 'embedded' || (options.nodes === 'auto' && !(await engineAnswers()));
  // The first student need not wait for the process that will own the cluster.
  const host = simulated ? await keepSharedHost() : undefined;
  try {
    await runServer(options, clock, {
      description: simulated ? await describeSimulation(options) : REAL_NODES,
      door: new OwnClusters(options),
      gradingFace: (cluster) => openOwnCluster(cluster.name, clock),
      ...(authoring && { authoring }),
    });
  } finally {
    host?.dispose();
  }
}

/** Serves the page on any clusters. On Ctrl-C it removes those that it has made; whatever else ends it leaves them. */
export async function runServer(options: ServeOptions, clock: Clock, clusters: ServedClusters): Promise<void> {
  const { authoring, ...served } = clusters;
  const kept = authoring?.database ?? 'server.db';
  const database = await openDatabase(join(makePrivateFolder(stateFolder()), kept));
  const identity = new Identity(database, clock);
  const folder = options.labs ?? LABS_FOLDER;
  const workspaces = new Workspaces({
    ...served,
    clock,
    store: new WorkspaceStore(database, clock),
    labs: authoring?.labs ?? {
      names: () => listLabs(folder),
      load: (name) => loadLab(name, folder),
      translations: translationsOf,
    },
  });
  const server = await createHttpServer({
    ...options,
    trustedProxies: options.trustedProxy,
    page: join(PROJECT_ROOT, 'build', 'client'),
    clock,
    identity,
    workspaces,
  });
  try {
    await server.listen({ host: options.host, port: options.port }).catch((error: unknown) => {
      throw asListenError(error, options);
    });
    await greet(options, identity, clusters.description);
    const begun = await authoring?.begun(workspaces, (await identity.singleUser()).id);
    const signal = await endSignal();
    begun?.dispose();
    process.stdin.pause();
    await server.close();
    // Only Ctrl-C says that the work is over; whatever else ends the server may start it again.
    if (signal === 'SIGINT') await workspaces.removeMadeClusters((name) => say(`Removing cluster ${name} ...`));
    for (const name of await workspaces.openClusters()) {
      say(`Cluster ${name} stays; remove it with: swarmlab cluster down ${name}`);
    }
  } finally {
    // Also when something has failed: nothing is to keep the process from ending.
    process.stdin.pause();
    await server.close();
    await workspaces.close();
    await database.destroy();
  }
}

const REAL_NODES = 'Nodes are real: containers with a Docker engine each (--nodes embedded simulates them).';

/** Why nodes are simulated, what their shells are, and what to do for real ones. */
async function describeSimulation({ nodes }: ServeOptions): Promise<string> {
  const why = nodes === 'auto' ? `no Docker engine answers at ${outerEngineAddress()}` : 'as --nodes embedded says';
  const problem = await sandboxProblem();
  const shells =
    problem === undefined
      ? "Their shells are real, each in a sandbox, with the nodes' own docker client."
      : `Their shells are simulated too, around the real docker client: there is no sandbox here (${problem}).`;
  return `Nodes are simulated: ${why}. \`swarmlab doctor\` tells what real ones need.\n${shells}`;
}

async function greet(options: ServeOptions, identity: Identity, description: string): Promise<void> {
  const origin = originOf(options);
  const printLink = async () => {
    const token = await identity.newSignInToken(await identity.singleUser());
    say(`Open  ${origin}/sign-in/${token}`);
  };
  say(`Swarmlab serves on ${origin}`);
  say(description);
  await printLink();
  if (!process.stdin.isTTY) return;
  say('The link signs in once. Enter prints a new one; Ctrl-C ends the server and removes the clusters it made.');
  process.stdin.on('data', () => void printLink());
}

/** Resolves with the signal by which the user (Ctrl-C is SIGINT) or the system asks the server to end. A second one ends it at once. */
function endSignal(): Promise<NodeJS.Signals> {
  return new Promise((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
      process.once(signal, () => {
        process.once(signal, () => process.exit(130));
        resolve(signal);
      });
    }
  });
}

function originOf(options: ServeOptions): string {
  if (options.publicUrl !== undefined) return new URL(options.publicUrl).origin;
  const host = options.host.includes(':') ? `[${options.host}]` : options.host;
  return `${options.tls ? 'https' : 'http'}://${host}:${options.port}`;
}

function asListenError(error: unknown, options: ServeOptions): unknown {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  if (code === 'EADDRINUSE') {
    return new SwarmlabError('SL_PORT_IN_USE', `port ${options.port} on ${options.host} is taken by another program`);
  }
  if (code === 'EACCES') {
    return new SwarmlabError('SL_USAGE', `port ${options.port} may only be used by root`, {
      next: 'Choose one above 1023 with --port.',
    });
  }
  if (code === 'EADDRNOTAVAIL') {
    return new SwarmlabError('SL_USAGE', `this machine has no address ${options.host}`, {
      next: 'Give one of its own with --host; 127.0.0.1 lets only this machine in.',
    });
  }
  return error;
}

function say(text: string): void {
  process.stdout.write(`${text}\n`);
}
