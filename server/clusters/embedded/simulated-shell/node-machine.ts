import type { Clock } from '../../../clock/clock.ts';
import { ContainerFiles } from '../../../engine/simulator/container-files.ts';
import { APPLETS, MACHINE_PROGRAMS } from '../../../engine/simulator/programs/catalogue.ts';
import type { LineRunner } from '../../../engine/simulator/programs/interactive-shell.ts';
import type { Program, ProgramContext } from '../../../engine/simulator/programs/program.ts';
import { createApplet, createLineRunner, createShell } from '../../../engine/simulator/programs/shell.ts';
import type { HomeFiles } from '../../../files/home-files.ts';
import { MemoryFiles } from '../../../files/memory-files.ts';
import { STUDENT, STUDENT_ENVIRONMENT, STUDENT_HOME } from '../../student.ts';
import type { EmbeddedCluster, EmbeddedNodePlan } from '../embedded-cluster.ts';
import { etcFiles } from '../shell-sandbox.ts';
import { type DockerProgramOptions, dockerProgram } from './docker-program.ts';

const UID = 1000;

/** Exit code of a shell for a command that is not there. */
const NOT_FOUND = 127;

const whoami: Program = async (context) => {
  context.stdout(`${STUDENT}\n`);
  return 0;
};
const id: Program = async (context) => {
  const groups = `uid=${UID}(${STUDENT}) gid=${UID}(${STUDENT}) groups=${UID}(${STUDENT}),998(docker)\n`;
  context.stdout(context.argv[1] === '-u' ? `${UID}\n` : context.argv[1] === '-un' ? `${STUDENT}\n` : groups);
  return 0;
};

/** What a node is for somebody logged in on it where no sandbox can be had: files in memory, simulated programs, and `docker`. */
export class NodeMachine {
  readonly plan: EmbeddedNodePlan;
  readonly #cluster: EmbeddedCluster;
  readonly #files: ContainerFiles;

  constructor(cluster: EmbeddedCluster, plan: EmbeddedNodePlan) {
    this.plan = plan;
    this.#cluster = cluster;
    const etc = Object.entries(etcFiles(cluster.plans, undefined)).map(([name, text]) => [`/etc/${name}`, text]);
    this.#files = new ContainerFiles({
      ...Object.fromEntries(etc),
      '/etc/hostname': `${plan.hostname}\n`,
      [`${STUDENT_HOME}/.profile`]: '',
      '/tmp/.keep': '',
    });
  }

  /** The student's home folder, for the page. */
  get home(): HomeFiles {
    return new MemoryFiles(this.#files, STUDENT_HOME);
  }

  get #clock(): Clock {
    return this.#cluster.clock;
  }

  /** What a program on the node sees, but for its arguments, streams and end. */
  context(): Omit<ProgramContext, 'argv' | 'killed' | 'input' | 'tty' | 'stdout' | 'stderr'> {
    return {
      env: { ...STUDENT_ENVIRONMENT, SWARMLAB_SHELL: 'simulated', HOSTNAME: this.plan.hostname.split('.')[0] ?? '' },
      user: { uid: 1000, gid: 1000 },
      cwd: STUDENT_HOME,
      hostname: this.plan.hostname,
      clock: this.#clock,
      network: this.#cluster.wire.networkOfNode(this.plan.name),
      files: () => this.#files,
      exhaustMemory: () => {},
    };
  }

  /** Runs lines as the shell of the node does. */
  lineRunner(docker: DockerProgramOptions): LineRunner {
    return createLineRunner(programs(docker));
  }

  /** Runs one command on the node; gives its exit code. */
  async run(context: ProgramContext, docker: DockerProgramOptions): Promise<number> {
    const known = programs(docker);
    const name = (context.argv[0] ?? '').replace(/^\/(?:usr\/(?:local\/)?)?s?bin\//, '');
    const program =
      name === 'sh' || name === 'bash'
        ? createShell(known)
        : (known.get(name) ??
          (APPLETS.has(name) || name === 'jq' || name === 'base64' ? createApplet(known) : undefined));
    if (program !== undefined) return program(context);
    context.stderr(`sh: ${name}: not found\n`);
    return NOT_FOUND;
  }
}

function programs(docker: DockerProgramOptions): ReadonlyMap<string, Program> {
  return new Map([...MACHINE_PROGRAMS, ['whoami', whoami], ['id', id], ['docker', dockerProgram(docker)]]);
}
