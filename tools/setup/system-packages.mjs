import { existsSync, readFileSync } from 'node:fs';
import { SetupProblem, step, tell } from './report.mjs';
import { hasProgram, runQuietly } from './run.mjs';

/** Programs of the system, the Debian package that brings each, and what goes without. */
const NEEDED = [
  { program: 'flock', package: 'util-linux', use: 'cluster hosts' },
  { program: 'bwrap', package: 'bubblewrap', use: 'shells of embedded nodes' },
  { program: 'ip', package: 'iproute2', use: 'network checks' },
  { program: 'nft', package: 'nftables', use: 'network checks' },
  { program: 'debootstrap', package: 'debootstrap', use: 'the node image, where no image registry answers' },
];
const FOR_ENGINE = [{ program: 'dockerd', package: 'docker.io', use: 'real nodes' }];
const FOR_CLIENT = [{ program: 'docker', package: 'docker-cli', use: 'looking at real nodes from outside' }];
const FOR_BUILDING = [
  { program: 'python3', package: 'python3', use: 'building node-pty' },
  { program: 'make', package: 'make', use: 'building node-pty' },
  { program: 'g++', package: 'g++', use: 'building node-pty' },
];
const FOR_TESTING = [{ program: 'chromium', package: 'chromium', use: 'tests in a browser' }];

/** Other names a program goes by. */
const ALSO_KNOWN = { chromium: ['chromium-browser', 'google-chrome', 'google-chrome-stable'] };

/**
 * Installs the packages that are missing, as root on Debian or Ubuntu; elsewhere says what to install. Only what npm needs to build
 * is insisted on: whatever else is missing, something still works without.
 * @param {{ testing: boolean, building: boolean, engineAnswers: boolean }} situation
 */
export async function ensureSystemPackages({ testing, building, engineAnswers }) {
  const wanted = [
    ...NEEDED,
    ...(engineAnswers ? [] : FOR_ENGINE),
    ...(building ? FOR_BUILDING : []),
    ...(testing ? FOR_TESTING : []),
  ];
  const missing = wanted.filter(({ program }) => !isThere(program));
  if (missing.length > 0) await install(missing);
  // Up to Debian 12 the engine's package brings the client, since then it has one of its own.
  const client = FOR_CLIENT.filter(({ program }) => !isThere(program));
  if (client.length > 0 && mayInstall() && isKnown('docker-cli')) await install(client);
}

function isThere(program) {
  return [program, ...(ALSO_KNOWN[program] ?? [])].some(hasProgram);
}

function mayInstall() {
  return process.getuid?.() === 0 && existsSync('/etc/debian_version') && hasProgram('apt-get');
}

function isKnown(name) {
  try {
    runQuietly('apt-cache', ['show', name]);
    return true;
  } catch {
    return false;
  }
}

async function install(missing) {
  const names = missing.map((each) => each.package);
  // debootstrap checks Debian's signatures with these; Ubuntu does not bring them along.
  if (names.includes('debootstrap') && isKnown('debian-archive-keyring')) names.push('debian-archive-keyring');
  if (!mayInstall()) return explain(missing);
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  await step(`installing ${names.join(' ')}`, () => {
    const options = ['-q', '-o', 'Acquire::Retries=3', '-o', 'DPkg::Lock::Timeout=300'];
    runQuietly('apt-get', ['update', ...options], { env });
    runQuietly('apt-get', ['install', '-y', '--no-install-recommends', ...options, ...names], {
      env,
      next: [`Install these yourself: ${names.join(' ')}`],
    });
  });
}

/** Says what to install; stops only where nothing works without. */
function explain(missing) {
  for (const { program, package: name, use } of missing)
    tell(`${program} is missing (package ${name}): ${use} will not work`);
  const command = debianLike()
    ? `sudo apt-get install ${missing.map((each) => each.package).join(' ')}`
    : `Install with your package manager: ${missing.map((each) => each.program).join(', ')}`;
  tell(command);
  if (missing.some((each) => FOR_BUILDING.includes(each))) {
    throw new SetupProblem('npm packages cannot be built without these programs', [command]);
  }
}

function debianLike() {
  return (
    existsSync('/etc/os-release') && /^ID(_LIKE)?=.*(debian|ubuntu)/m.test(readFileSync('/etc/os-release', 'utf8'))
  );
}
