import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { COMMANDS } from '../../../server/cli/commands.ts';
import { main } from '../../../server/cli/main.ts';
import { SwarmlabError } from '../../../server/errors/swarmlab-error.ts';

let told = '';
beforeEach(() => {
  told = '';
  const listen = (text: unknown) => {
    told += String(text);
    return true;
  };
  vi.spyOn(process.stderr, 'write').mockImplementation(listen);
  vi.spyOn(process.stdout, 'write').mockImplementation(listen);
  process.exitCode = undefined;
});
afterEach(() => {
  vi.restoreAllMocks();
  process.exitCode = undefined;
});

describe('swarmlab', () => {
  it('shows every command when asked for help, and exits with 0', async () => {
    expect(await main(['--help'])).toBe(0);
    for (const name of Object.keys(COMMANDS)) expect(told).toMatch(new RegExp(`^  ${name}\\b`, 'm'));
  });

  it.each(Object.keys(COMMANDS))('%s explains itself', async (name) => {
    expect(await main([name, '--help'])).toBe(0);
    expect(told).toContain(`swarmlab ${name}`);
  });

  it.each([
    ['a command that is not there', ['nonsense']],
    ['an option that is not there', ['cluster', 'ls', '--nonsense']],
    ['a missing argument', ['cluster', 'up']],
    ['a value out of range', ['cluster', 'up', 'x', '--orchestrator', 'nomad']],
    ['a name that no cluster can have', ['cluster', 'up', '../x']],
    ['a subnet that is none', ['cluster', 'up', 'x', '--subnet', '10.10.10.1/24']],
    ['a subnet without room', ['cluster', 'up', 'x', '--nodes', 'embedded', '--subnet', '10.0.0.0/30']],
    ['nodes that are not there', ['cluster', 'up', 'x', '--images-on', 'worker9']],
    ['a command that every object has', ['constructor']],
    ['a bench that every object has', ['bench', 'constructor']],
    ['a step that the lab has not', ['prove', 'swarm-services', '--step', 'nonsense']],
    ['a variant that the lab has not', ['prove', 'swarm-services', '--variant', 'nonsense']],
    ['a cluster that is there, to prove on', ['prove', 'swarm-services', '--cluster', 'demo']],
    ['a report into a folder that is not there', ['grade', 'stacks', '--solution', '--out', '/nonexistent/report']],
    ['evidence into a folder that is not there', ['grade', 'stacks', '--solution', '--evidence', '/nonexistent/e.gz']],
    ['a key that is not there', ['grade', 'stacks', '--solution', '--evidence', 'e.gz', '--sign', '/nonexistent']],
    ['a key that is none', ['grade', 'stacks', '--solution', '--evidence', 'e.gz', '--sign', 'package.json']],
    ['a trusted key that is none', ['regrade', 'package.json', '--trust', 'package.json']],
    ['a seed for a whole class', ['grade', 'stacks', '--batch', 'labs', '--seed', 'one']],
    ['a folder of labs that is not there', ['serve', '--labs', '/nonexistent']],
    ['a certificate that is not there', ['serve', '--tls', '/nonexistent,/nonexistent']],
    ['a certificate that is none', ['serve', '--tls', 'package.json,package.json']],
  ])('answers %s with exit code 2, a code and what to do, and no stack trace', async (_, args) => {
    expect(await main(args)).toBe(2);
    expect(told).toMatch(/^error\[SL_USAGE\]: .+\n {2}\S/);
    expect(told).not.toMatch(/^\s+at /m);
  });

  it('names the option that is wrong, and what it may be', async () => {
    await main(['cluster', 'up', 'x', '--images-on', 'worker9']);
    expect(told).toContain('--images-on: expected one of master, worker1, worker2, registry\n');
    await main(['serve', '--port', 'http']);
    expect(told).toContain('--port: expected a number\n');
  });

  it('exits with what the error says: a cluster that is not there is a wrong call', async () => {
    process.env.SWARMLAB_STATE = '/nonexistent';
    expect(await main(['cluster', 'exec', 'none', 'master', '--', 'true'])).toBe(2);
    expect(told).toContain('error[SL_CLUSTER_NOT_FOUND]');
    delete process.env.SWARMLAB_STATE;
  });

  it('has an exit code for every error: misfortunes of the machine are 3', () => {
    expect(new SwarmlabError('SL_ENGINE_UNREACHABLE', 'x').exitCode).toBe(3);
    expect(new SwarmlabError('SL_USAGE', 'x').exitCode).toBe(2);
  });
});
