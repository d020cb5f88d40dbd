import { SwarmlabError } from '../../server/errors/swarmlab-error.ts';
import { runProgram } from './run-program.ts';
import type { Outcome, Results, Suite } from './suite.ts';

const FILES = [
  ...['api_swarm', 'api_service', 'api_secret', 'api_config', 'api_network'],
  ...['models_services', 'models_nodes', 'models_swarm', 'models_networks'],
].map((name) => `tests/integration/${name}_test.py`);

/** The one that the call names, else the first that has what is needed: the one found first may not be the system's own. */
const PYTHONS = process.env.PYTHON ? [process.env.PYTHON] : ['python3', '/usr/bin/python3'];
let python = '';
const NEEDED = ['pytest', 'requests', 'urllib3', 'paramiko'];

/** docker-py 7.1.0: its integration tests of everything that a Swarm answers. */
export const dockerPy: Suite = {
  name: 'docker-py',
  source: 'https://github.com/docker/docker-py',
  commit: 'a3652028b1ead708bd9191efb286f909ba6c2a49',
  landmark: 'tests/integration/api_swarm_test.py',
  async prepare() {
    let problem = '';
    for (const candidate of PYTHONS) {
      const { exit, stderr } = await runProgram(candidate, ['-c', `import ${NEEDED.join(', ')}`]);
      if (exit === 0) {
        python = candidate;
        return;
      }
      problem ||= lastLine(stderr);
    }
    throw new SwarmlabError('SL_NOT_SUPPORTED', `docker-py's tests need Python with ${NEEDED.join(', ')}: ${problem}`, {
      next: 'On Debian: apt-get install python3-pytest python3-requests python3-paramiko. PYTHON=... names another Python.',
    });
  },
  async run(checkout, dockerHost, tell) {
    // Its own check for sockets left open stumbles over versions of requests that it was not written for.
    const without = ['cacheprovider', 'unraisableexception'].flatMap((plugin) => ['-p', `no:${plugin}`]);
    const { exit, stdout, stderr } = await runProgram(
      python,
      ['-m', 'pytest', ...without, '-v', '-rfE', '--tb=short', '--color=no', ...FILES],
      { cwd: checkout, environment: { DOCKER_HOST: dockerHost, PYTHONDONTWRITEBYTECODE: '1' } },
    );
    const results = readPytest(stdout);
    // 0: all passed, 1: some failed; anything else: it did not come so far.
    if (exit > 1 || results.size === 0)
      throw new SwarmlabError('SL_NOT_SUPPORTED', `pytest ended with ${exit}: ${lastLine(stderr) || lastLine(stdout)}`);
    for (const [reason] of stdout.matchAll(/^(?:FAILED|ERROR) .+$/gm)) tell(reason);
    return results;
  },
};

const OUTCOMES: Record<string, Outcome> = { PASSED: 'passed', FAILED: 'failed', ERROR: 'failed' };

/** Reads what `pytest -v` prints of each test; one that passed and then failed to clean up has failed. */
export function readPytest(output: string): Results {
  const results = new Map<string, Outcome>();
  for (const [, name = '', word = ''] of output.matchAll(/^(\S+::\S+) (PASSED|FAILED|ERROR|SKIPPED|XFAIL|XPASS)\b/gm)) {
    if (results.get(name) !== 'failed') results.set(name, OUTCOMES[word] ?? 'other');
  }
  return results;
}

function lastLine(text: string): string {
  return text.trim().split('\n').at(-1) ?? '';
}
