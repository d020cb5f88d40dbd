import { config } from './config.ts';
import { container } from './container.ts';
import { dns } from './dns.ts';
import type { Grader } from './grader.ts';
import { http } from './http.ts';
import { image } from './image.ts';
import { logs } from './logs.ts';
import { network } from './network.ts';
import { node } from './node.ts';
import { port } from './port.ts';
import { quiz } from './quiz.ts';
import { request } from './request.ts';
import { script } from './script.ts';
import { secret } from './secret.ts';
import { service } from './service.ts';
import { stack } from './stack.ts';
import { swarm } from './swarm.ts';
import { tasks } from './tasks.ts';
import { update } from './update.ts';

const ALL: readonly Grader[] = [
  service,
  tasks,
  node,
  network,
  port,
  http,
  dns,
  logs,
  request,
  container,
  image,
  secret,
  config,
  stack,
  swarm,
  update,
  quiz,
  script,
];

/** Every grader there is, by the name that a check begins with. */
export const GRADERS: ReadonlyMap<string, Grader> = new Map(ALL.map((grader) => [grader.name, grader]));
