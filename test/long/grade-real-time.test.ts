import { randomBytes } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { type GradeReport, gradeReportSchema } from '../../server/grading/report/grade-report.ts';
import { Swarmlab } from '../support/swarmlab.ts';

/** Whoever waits for nothing must come to the same verdicts as whoever waits for everything. */

const swarmlab = new Swarmlab();
const folder = mkdtempSync(join(tmpdir(), 'real-'));
afterAll(async () => {
  await swarmlab.dispose();
  rmSync(folder, { recursive: true });
});

async function grade(lab: string, ...submission: string[]): Promise<GradeReport> {
  const out = join(folder, `${randomBytes(4).toString('hex')}.json`);
  const how = ['--nodes', 'embedded', '--seed', 'time', '--format', 'json', '--out', out];
  const { stderr } = await swarmlab.run(['grade', lab, ...how, ...submission], '', { limit: 1_500_000 });
  return gradeReportSchema.parse(JSON.parse(readFileSync(out, 'utf8')), { error: () => stderr });
}

/** What a report says of each check, and of the whole. */
const verdicts = ({ outcome, points, steps }: GradeReport) => ({
  outcome,
  points,
  steps: steps.map((step) => ({
    id: step.id,
    outcome: step.outcome,
    checks: step.checks.map((check) => `${check.subject}: ${check.outcome}, ${check.expected}`),
  })),
});

/** Right in the beginning, and then wrong in as many ways as there is time for: nothing done, something else done, done in part. */
const MISTAKES = `
# step: states
docker service create --detach --name done --restart-condition none alpine true
docker service create --detach --name broken --restart-condition none alpine sh -c 'exit 4'
docker service create --name steady alpine sleep 1d
# step: first-service
docker service create --name webserver --replicas 2 nginx
# step: publish
docker service rm webserver
docker service create --name webserver --publish mode=host,target=80,published=30000 nginx
# step: pinger
docker service create --name pinger alpine ping google.com
# step: scale-up
docker service scale pinger=5
# step: scale-down
docker service update --replicas 3 pinger
# step: clean-up
docker service scale --detach pinger=0
`;

it('the solution is judged the same in real time', async () => {
  const virtual = await grade('swarm-services', '--solution');
  expect(virtual.outcome).toBe('passed');
  expect(verdicts(await grade('swarm-services', '--solution', '--real-time'))).toEqual(verdicts(virtual));
});

it('mistakes are judged the same in real time', async () => {
  const script = join(folder, 'mistakes.sh');
  writeFileSync(script, MISTAKES);
  const virtual = await grade('swarm-services', '--script', script);
  expect(virtual.outcome).toBe('failed');
  expect(verdicts(await grade('swarm-services', '--script', script, '--real-time'))).toEqual(verdicts(virtual));
});
