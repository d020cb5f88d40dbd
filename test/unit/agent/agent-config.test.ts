import { expect, it } from 'vitest';
import { agentConfig } from '../../../server/agent/agent-config.ts';
import { dockerdArguments } from '../../../server/agent/node/dockerd-arguments.ts';

const node = {
  cluster: 'dca',
  node: 'master',
  hostname: 'master.docker-dca.example',
  address: '10.10.10.100',
  orchestrator: 'swarm',
  credential: 'secret',
};

it('needs to know where the cluster host is unless a real Swarm orchestrates', () => {
  expect(agentConfig.safeParse(node).success).toBe(true);
  expect(agentConfig.safeParse({ ...node, orchestrator: 'builtin' }).success).toBe(false);
  expect(agentConfig.safeParse({ ...node, orchestrator: 'builtin', hostUrl: 'ws://10.10.10.1:4000' }).success).toBe(
    true,
  );
  expect(agentConfig.safeParse({ ...node, hostUrl: 'https://10.10.10.1' }).success).toBe(false);
});

it('lets the engine ask the agent for names, and fail fast where there is no internet', () => {
  const config = agentConfig.parse({ ...node, engine: { args: ['--debug'] } });
  expect(dockerdArguments(config)).toEqual([
    ...['--dns', '10.10.10.100', '--registry-mirror', 'http://127.0.0.1:9'],
    ...['--insecure-registry', 'registry.docker-dca.example:5000', '--debug'],
  ]);
});
