import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { type GradeReport, gradeReportSchema } from '../../server/grading/report/grade-report.ts';
import { Swarmlab } from '../support/swarmlab.ts';

/** A lab's solution gets the same verdicts from simulated nodes, from real ones under this orchestrator, and from a real Swarm. */

const LABS = ['swarm-services', 'rolling-updates-and-rollback', 'troubleshooting'];
const PLACES = [
  { nodes: 'embedded', orchestrator: 'builtin' },
  { nodes: 'dind', orchestrator: 'builtin' },
  { nodes: 'dind', orchestrator: 'swarm' },
] as const;

const swarmlab = new Swarmlab();
const folder = mkdtempSync(join(tmpdir(), 'equal-'));

afterAll(async () => {
  await swarmlab.dispose();
  rmSync(folder, { recursive: true });
});

async function gradeSolution(lab: string, { nodes, orchestrator }: (typeof PLACES)[number]): Promise<GradeReport> {
  const out = join(folder, `${lab}-${nodes}-${orchestrator}.json`);
  const where = ['--nodes', nodes, '--orchestrator', orchestrator];
  const how = ['--solution', '--seed', 'equal', '--format', 'json', '--out', out];
  const { exitCode, stderr } = await swarmlab.run(['grade', lab, ...where, ...how]);
  const report = gradeReportSchema.parse(JSON.parse(readFileSync(out, 'utf8')), { error: () => stderr });
  expect(exitCode, JSON.stringify(report.steps)).toBe(0);
  return report;
}

const checksOf = (report: GradeReport) =>
  report.steps.flatMap(({ id, checks }) => checks.map((check) => ({ ...check, place: `${id}:${check.line}` })));

describe.each(LABS)('the solution of %s', (lab) => {
  it.each(PLACES)('passes every check that can be observed on $nodes nodes, $orchestrator', async (where) => {
    const checks = checksOf(await gradeSolution(lab, where));
    expect(checks.length).toBeGreaterThan(0);
    const others = checks.filter(({ outcome }) => outcome !== 'pass');
    // Only a real Swarm needs what a kernel may lack for its routing mesh.
    const hidden = where.orchestrator === 'swarm' ? others.filter(({ outcome }) => outcome === 'unobservable') : [];
    for (const { because, observed } of hidden) expect(`${observed} ${because ?? ''}`).toMatch(/IPVS/);
    expect(others.filter((check) => !hidden.includes(check))).toEqual([]);
  });
});
