import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { tell } from './report.mjs';
import { runOpenly } from './run.mjs';

/** Milliseconds after which a part of the tests is taken to hang. */
const PART_TIMEOUT = 75 * 60_000;

/**
 * Runs the checks and the given vitest projects, all of them whatever fails, and ends with `N passed, N failed`.
 * @param {string} root @param {string[]} projects @returns {Promise<number>} exit code
 */
export async function runTests(root, projects) {
  const results = [await check(root)];
  for (const project of projects) results.push(await runProject(root, project));
  for (const { name, passed, failed, seconds } of results)
    process.stdout.write(`${name}: ${passed} passed, ${failed} failed in ${seconds} s\n`);
  const sum = (key) => results.reduce((total, result) => total + result[key], 0);
  process.stdout.write(`${sum('passed')} passed, ${sum('failed')} failed\n`);
  return sum('failed') === 0 && sum('passed') > 0 ? 0 : 1;
}

async function check(root) {
  const began = Date.now();
  tell('types, lint, imports ...');
  const code = await runOpenly(process.execPath, [join(root, 'tools', 'check.mjs')], { cwd: root });
  return { name: 'check', passed: code === 0 ? 1 : 0, failed: code === 0 ? 0 : 1, seconds: since(began) };
}

async function runProject(root, project) {
  const began = Date.now();
  tell(`${project} tests ...`);
  const reports = join(root, 'build', 'reports');
  mkdirSync(reports, { recursive: true });
  const file = join(reports, `${project}.json`);
  rmSync(file, { force: true });
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${file}`];
  const vitest = join(root, 'node_modules', 'vitest', 'vitest.mjs');
  const code = await runOpenly(
    process.execPath,
    [vitest, 'run', '--project', project, '--passWithNoTests', ...reporters],
    {
      cwd: root,
      env: { ...process.env, NO_COLOR: '1' },
      timeout: PART_TIMEOUT,
    },
  );
  return { name: project, ...count(file, code), seconds: since(began) };
}

/** Tests by their report. A file that could not even be loaded, and a run without a report, count as one failure each. */
function count(file, code) {
  try {
    const report = JSON.parse(readFileSync(file, 'utf8'));
    const broken = report.testResults.filter(
      (each) => each.status === 'failed' && !each.assertionResults.some((one) => one.status === 'failed'),
    );
    const failed = report.numFailedTests + broken.length;
    return { passed: report.numPassedTests, failed: failed === 0 && code !== 0 ? 1 : failed };
  } catch {
    return { passed: 0, failed: code === 0 ? 0 : 1 };
  }
}

function since(began) {
  return ((Date.now() - began) / 1000).toFixed(1);
}
