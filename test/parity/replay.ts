import type { Answer } from './normalise.ts';
import type { Scenario, Step } from './scenario.ts';

/** A cluster as a scenario sees it: four nodes on which commands run. */
export interface Stage {
  run(node: string, command: string): Promise<Answer>;
  /** Cuts a node's power, or gives it back. */
  power(node: string, action: 'kill' | 'start'): Promise<void>;
  sleep(milliseconds: number): Promise<void>;
}

/** A step and what came of it: a command's answer, or what `wait` read in the end. */
export interface Played {
  step: Step;
  answer?: Answer;
  reached?: string;
}

const WAIT_LIMIT = 60_000;
const WAIT_INTERVAL = 300;
const AFTER_CLEAN = 2_000;

const CLEAN = `
docker service ls -q | xargs -r docker service rm >/dev/null 2>&1
for i in $(seq 40); do [ -z "$(docker ps -q --filter label=com.docker.swarm.service.id 2>/dev/null)" ] && break; sleep .5; done
for k in secret config; do docker $k ls -q | xargs -r docker $k rm >/dev/null 2>&1; done
docker network ls -q --filter driver=overlay --filter type=custom | xargs -r docker network rm >/dev/null 2>&1
for n in $(docker node ls -q); do docker node update --availability active $n >/dev/null 2>&1; done
true`;

/** Removes every service, secret, config and overlay, and makes all nodes active. */
export async function clean(stage: Stage): Promise<void> {
  await stage.run('master', CLEAN);
  await stage.sleep(AFTER_CLEAN);
}

/** Plays a scenario on a clean stage and leaves it clean. */
export async function replay(stage: Stage, scenario: Scenario): Promise<Played[]> {
  await clean(stage);
  const played: Played[] = [];
  for (const step of scenario.steps) played.push(await play(stage, step));
  await clean(stage);
  return played;
}

async function play(stage: Stage, step: Step): Promise<Played> {
  switch (step.kind) {
    case 'run':
      return { step, answer: await stage.run(step.node, step.command) };
    case 'wait':
      return { step, reached: await waitFor(stage, step.service, step.replicas) };
    case 'settle':
      await stage.sleep(step.seconds * 1000);
      return { step };
    case 'power':
      await stage.power(step.node, step.action);
      return { step };
    case 'clean':
      await clean(stage);
      return { step };
  }
}

async function waitFor(stage: Stage, service: string, wanted: string): Promise<string> {
  const ask = `docker service ls --filter name=${service} --format '{{.Name}} {{.Replicas}}' | awk '$1=="${service}"{print $2}'`;
  for (let waited = 0; ; waited += WAIT_INTERVAL) {
    const { out } = await stage.run('master', ask);
    if (out.trim() === wanted || waited >= WAIT_LIMIT) return out.trim();
    await stage.sleep(WAIT_INTERVAL);
  }
}
