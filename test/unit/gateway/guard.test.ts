import { describe, expect, test } from 'vitest';
import type { GatewayOptions } from '../../../server/gateway/gateway.ts';
import { FORBIDDEN } from '../../support/forbidden-requests.ts';
import { ask, FakeUpstream, gatewayInProcess, messageOf } from './in-process.ts';

const guard: GatewayOptions['guard'] = { home: '/home/vagrant', gatewaySocket: '/run/lab/docker.sock' };

function guarded() {
  const engine = new FakeUpstream((seen, res) => {
    res.setHeader('content-type', 'application/json');
    res.end(JSON.stringify(seen.url.startsWith('/networks/hostnetworkid') ? { Driver: 'host' } : {}));
  });
  return { engine, gateway: gatewayInProcess({ engine, guard }) };
}

/** What reached the engine, besides what the guard itself asked. */
function passed(engine: FakeUpstream) {
  return engine.seen.filter(({ url }) => !url.includes('?scope=swarm'));
}

describe('what a lab does not allow', () => {
  test.each(FORBIDDEN)('$what', async ({ method, path, body }) => {
    const { engine, gateway } = guarded();
    const answer = await ask(gateway, method, `/v1.45${path}`, body === undefined ? {} : { body });
    expect(answer.status).toBe(403);
    expect(messageOf(answer)).toMatch(/^swarmlab: .+ is not allowed in this lab: .+/);
    expect(passed(engine)).toEqual([]);
  });
});

describe('a container', () => {
  const create = async (settings: object, config: object = {}) => {
    const { engine, gateway } = guarded();
    const body = { Image: 'alpine', ...config, HostConfig: settings };
    const answer = await ask(gateway, 'POST', '/v1.45/containers/create?name=web', { body });
    return { answer, sent: engine.bodies('POST', '/containers/create')[0] };
  };

  test('goes through as it was asked for', async () => {
    const settings = {
      Binds: ['data:/data:ro', '/cache', '/home/vagrant/site:/site:ro,rprivate'],
      CapAdd: ['NET_RAW', 'cap_chown'],
      CapDrop: ['ALL'],
      NetworkMode: 'front',
      IpcMode: 'private',
      SecurityOpt: ['no-new-privileges'],
      Sysctls: { 'net.core.somaxconn': '100' },
      Privileged: false,
      Devices: [],
      MaskedPaths: null,
      Memory: 67108864,
      LogConfig: { Type: 'json-file', Config: { 'max-size': '1m' } },
      Mounts: [
        { Type: 'tmpfs', Target: '/t' },
        {
          Type: 'volume',
          Source: 'v',
          Target: '/v',
          VolumeOptions: { DriverConfig: { Options: { type: 'tmpfs', device: 'tmpfs', o: 'size=1m' } } },
        },
      ],
    };
    const { answer, sent } = await create(settings, { Labels: { Privileged: 'yes' }, Cmd: 'true' });
    expect(answer.status).toBe(200);
    expect(sent).toEqual({ Image: 'alpine', Labels: { Privileged: 'yes' }, Cmd: 'true', HostConfig: settings });
  });

  test.each([
    ['/home/vagrant', '/home/vagrant'],
    ['/home/vagrant/', '/home/vagrant'],
    ['/home//vagrant/./a/../b', '/home/vagrant/b'],
    ['/var/run/docker.sock', '/run/lab/docker.sock'],
    ['/run/docker.sock', '/run/lab/docker.sock'],
    ['/var/run/../run/docker.sock', '/run/lab/docker.sock'],
  ])('gets a bind of %s as %s', async (asked, given) => {
    const { sent } = await create({ Binds: [`${asked}:/x`], Mounts: [{ Type: 'bind', Source: asked, Target: '/y' }] });
    expect(sent).toMatchObject({
      HostConfig: { Binds: [`${given}:/x`], Mounts: [{ Type: 'bind', Source: given, Target: '/y' }] },
    });
  });

  test('gets no folder at all where the home cannot be kept apart', async () => {
    const engine = new FakeUpstream();
    const gateway = gatewayInProcess({ engine, guard: { home: undefined, gatewaySocket: '/run/docker.sock' } });
    const body = { Image: 'alpine', HostConfig: { Binds: ['/home/vagrant:/x'] } };
    expect((await ask(gateway, 'POST', '/containers/create', { body })).status).toBe(403);
  });

  test.each([
    { Type: 'bind', Source: 'relative', Target: '/x' },
    { Type: 'volume', Source: '/etc', Target: '/x' },
  ])('of a service may ask for a mount that no task can have: %j', async (mount) => {
    const { engine, gateway } = guarded();
    const body = (Source: string) => ({
      Name: 's',
      TaskTemplate: { ContainerSpec: { Image: 'alpine', Mounts: [{ ...mount, Source }] } },
    });
    expect((await ask(gateway, 'POST', '/services/create', { body: body(mount.Source) })).status).toBe(200);
    expect(engine.bodies('POST', '/services/create')).toEqual([body(mount.Source)]);
    const template = mount.Type === 'bind' ? '{{"/etc"}}' : '/{{.Task.Slot}}';
    expect((await ask(gateway, 'POST', '/services/create', { body: body(template) })).status).toBe(403);
  });

  test.each([
    [200, 'without its spec', { TaskTemplate: { Runtime: 'plugin' } }],
    [200, 'so many times', { TaskTemplate: { Runtime: 'plugin', PluginSpec: {} }, Mode: { Replicated: {} } }],
    [403, 'on each node', { TaskTemplate: { Runtime: 'plugin', PluginSpec: {} }, Mode: { Global: {} } }],
    [403, 'beside a container', { TaskTemplate: { ContainerSpec: { Image: 'nginx' }, PluginSpec: {} } }],
  ])('of a service gets %i for a plugin %s: what no daemon takes, the daemon refuses', async (status, _, body) => {
    const { gateway } = guarded();
    expect((await ask(gateway, 'POST', '/services/create', { body })).status).toBe(status);
  });

  test.each<[string, string, object]>([
    ['volume driver', '/containers/create', { HostConfig: { VolumeDriver: 'flocker', Binds: ['v:/x'] } }],
    ['volume driver', '/volumes/create', { Name: 'v', Driver: 'flocker' }],
    ['network driver', '/networks/create', { Name: 'n', Driver: 'weave' }],
    ['IPAM driver', '/networks/create', { Name: 'n', Driver: 'overlay', IPAM: { Driver: 'x' } }],
    ['secret driver', '/secrets/create', { Name: 's', Driver: { Name: 'x' } }],
    ['mark', '/networks/create', { Name: 'n', Driver: 'overlay', Labels: { 'com.docker.swarm.predefined': 'true' } }],
  ])('may name a %s that nobody has: who is asked at %s says so', async (_, path, body) => {
    const { engine, gateway } = guarded();
    expect((await ask(gateway, 'POST', path, { body })).status).toBe(200);
    expect(engine.bodies('POST', path)).toEqual([body]);
  });

  test('is told in Go’s words what is wrong with its types', async () => {
    const { answer } = await create({ Privileged: 'yes' });
    expect(answer.status).toBe(400);
    expect(messageOf(answer)).toContain('cannot unmarshal string into Go struct field');
  });
});

describe('JSON that is none', () => {
  test.each([
    [' ', 'invalid JSON: got EOF while reading request body'],
    ['{"Image":1e}', "invalid JSON: invalid character '}' in exponent of numeric literal"],
    ['{"Image":"\\q"}', "invalid JSON: invalid character 'q' in string escape code"],
    ['\ufeff{}', "invalid JSON: invalid character 'ï' looking for beginning of value"],
    ['{} x', 'unexpected content after JSON'],
  ])('as a body, %j, is refused in Go’s words', async (body, message) => {
    const { engine, gateway } = guarded();
    const answer = await ask(gateway, 'POST', '/containers/create', { body });
    expect([answer.status, messageOf(answer), passed(engine)]).toEqual([400, message, []]);
  });

  test('as a filter is an invalid filter', async () => {
    const answer = await ask(guarded().gateway, 'GET', `/images/json?filters=${encodeURIComponent('{"a":["b"]} x')}`);
    expect([answer.status, messageOf(answer)]).toEqual([400, 'invalid filter']);
  });

  test('behind the first value, where Go does not look, goes no further', async () => {
    const { engine, gateway } = guarded();
    await ask(gateway, 'POST', '/containers/create', { body: '{"Image":"a"}]{"HostConfig":{"Privileged":true}}' });
    expect(engine.bodies('POST', '/containers/create')).toEqual([expect.objectContaining({ Image: 'a' })]);
    expect(JSON.stringify(engine.seen)).not.toContain('rivileged');
  });
});

describe('the form of a request', () => {
  const BODIES: [string, string, number][] = [
    ['twice in another case', '{"HostConfig":{"Privileged":false,"pRIVILEGED":true}}', 400],
    ['twice in the same case', '{"HostConfig":{"Privileged":true,"Privileged":false}}', 400],
    ['in the outer struct twice', '{"HostConfig":{},"HOSTCONFIG":{"Privileged":true}}', 400],
    ['alone in another case', '{"hostconfig":{"privileged":true}}', 403],
    ['with the Kelvin sign', '{"HostConfig":{"NetworMode":"host"}}'.replace('rM', 'r\u212aM'), 403],
    ['with the long s', '{"HostConfig":{"\u017fecurityOpt":["seccomp=unconfined"]}}', 403],
    ['with an escaped key', '{"HostConfig":{"\\u0050rivileged":true}}', 403],
    ['under an unknown key', '{"Image":"a","Config":{"Privileged":true}}', 400],
    ['after other JSON', '{"Image":"a"}{"HostConfig":{"Privileged":true}}', 400],
    ['behind a byte order mark', '\ufeff{"HostConfig":{"Privileged":true}}', 400],
  ];

  test.each(BODIES)('privileged %s', async (_, body, status) => {
    const { engine, gateway } = guarded();
    expect((await ask(gateway, 'POST', '/containers/create', { body })).status).toBe(status);
    expect(passed(engine)).toEqual([]);
  });

  test.each([
    ['text/plain', "unsupported Content-Type header (text/plain): must be 'application/json'"],
    ['', 'malformed Content-Type header (): mime: no media type'],
    ['application/json; charset=utf-8', undefined],
  ])('says of the content type "%s" what the engine would', async (type, message) => {
    const { gateway } = guarded();
    const question = { body: '{"Image":"a"}', headers: { 'content-type': type } };
    const answer = await ask(gateway, 'POST', '/containers/create', question);
    expect(answer.status === 200 ? undefined : messageOf(answer)).toBe(message);
  });

  test('a filter that cannot be read is invalid, and no more is said', async () => {
    const { gateway } = guarded();
    expect(messageOf(await ask(gateway, 'GET', '/services?filters=nojson'))).toBe('invalid filter');
  });

  test('a body in chunks is read to its end', async () => {
    const { engine, gateway } = guarded();
    const body = { Image: 'alpine', Env: ['A='.padEnd(2_000_000, 'x')], HostConfig: { Privileged: true } };
    expect((await ask(gateway, 'POST', '/containers/create', { body, chunked: true })).status).toBe(403);
    expect(passed(engine)).toEqual([]);
  });

  test.each([true, false])('a body over 4 MiB is refused (chunked: %s)', async (chunked) => {
    const { engine, gateway } = guarded();
    const body = { Image: 'alpine', HostConfig: {}, Env: ['A='.padEnd(5 * 1024 * 1024, 'x')] };
    expect((await ask(gateway, 'POST', '/containers/create', { body, chunked })).status).toBe(413);
    expect(passed(engine)).toEqual([]);
  });

  test('a content type under which Go would read a form is replaced', async () => {
    const { engine, gateway } = guarded();
    const form = { 'content-type': 'application/x-www-form-urlencoded' };
    await ask(gateway, 'POST', '/build?t=a', { body: 'networkmode=host', headers: form });
    await ask(gateway, 'PUT', '/containers/web/archive?path=/', { body: 'path=/etc', headers: form });
    expect(engine.seen.map(({ headers }) => headers['content-type'])).toEqual([
      'application/x-tar',
      'application/x-tar',
    ]);
    const kill = await ask(gateway, 'POST', '/containers/web/kill', { body: 'signal=9', headers: form });
    expect(kill.status).toBe(400);
  });

  test.each([
    ['/build?networkmode=bridge&networkmode=host', 400],
    ['/build?NetworkMode=host', 400],
    ['/build?t=a;networkmode=host', 400],
    ['/build?networkmode=%zz', 400],
    [`/build?securityopt=${encodeURIComponent('{"a":"seccomp=unconfined"}')}`, 400],
    [`/build?ulimits=${encodeURIComponent('[{"Name":"a","NAME":"b"}]')}`, 400],
    ['/containers/web/start?checkpoint=x', 400],
    ['/containers/..%2f..%2finfo/start', 301],
    ['/containers/../info/start', 301],
    ['/images/a/../../containers/tag', 301],
    ['/nothing', 404],
    ['/v1.45/v1.45/info', 404],
  ])('POST %s goes no further', async (path, status) => {
    const { engine, gateway } = guarded();
    expect((await ask(gateway, 'POST', path)).status).toBe(status);
    expect(passed(engine)).toEqual([]);
  });

  test('queries, names and credentials are written anew', async () => {
    const { engine, gateway } = guarded();
    const auth = (text: string) => Buffer.from(text).toString('base64');
    const headers = {
      'x-registry-auth': auth('{"USERNAME":"a","password":"?>"}'),
      'x-registry-config': auth('{"r.example":{"Auth":"x"}}'),
      'x-surprise': 'a',
      'x-docker-expose-session-uuid': 'b',
    };
    await ask(gateway, 'POST', '/v1.45/images/registry%2fweb/push?tag=a+b%26c', { headers });
    const [seen] = engine.seen;
    expect(seen?.url).toBe('/v1.45/images/registry/web/push?tag=a%20b%26c');
    expect(seen?.headers['x-surprise']).toBeUndefined();
    expect(seen?.headers['x-docker-expose-session-uuid']).toBeUndefined();
    const sent = (name: string) => JSON.parse(Buffer.from(String(seen?.headers[name]), 'base64url').toString());
    expect(sent('x-registry-auth')).toEqual({ username: 'a', password: '?>' });
    expect(sent('x-registry-config')).toEqual({ 'r.example': { auth: 'x' } });
    const twice = { 'x-registry-auth': auth('{"username":"a","Username":"b"}') };
    expect((await ask(gateway, 'POST', '/images/web/push', { headers: twice })).status).toBe(400);
  });

  test('an upgrade on another request changes nothing', async () => {
    const { engine, gateway } = guarded();
    const headers = { connection: 'Upgrade', upgrade: 'h2c' };
    const body = { Image: 'alpine', HostConfig: { Privileged: true } };
    expect((await ask(gateway, 'POST', '/containers/create', { body, headers })).status).toBe(403);
    expect((await ask(gateway, 'GET', '/version', { headers })).status).toBe(200);
    expect((await ask(gateway, 'POST', '/images/load', { body: 'tar', headers })).status).toBe(400);
    expect(engine.seen.map(({ headers: { upgrade } }) => upgrade)).toEqual([undefined]);
  });
});

describe('graders and the page', () => {
  test('are trusted', async () => {
    const engine = new FakeUpstream();
    const body = { Image: 'alpine', HostConfig: { Privileged: true } };
    const answer = await ask(gatewayInProcess({ engine }), 'POST', '/containers/create', { body });
    expect(answer.status).toBe(200);
    expect(engine.bodies('POST', '/containers/create')).toEqual([body]);
  });
});
