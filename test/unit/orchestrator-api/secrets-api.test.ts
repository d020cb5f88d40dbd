import { beforeEach, describe, expect, test } from 'vitest';
import type { ControlApi } from '../../../server/orchestrator/api/control-api.ts';
import { serviceBody, TestFleet } from './test-fleet.ts';

let control: ControlApi;
beforeEach(async () => {
  const fleet = new TestFleet();
  await fleet.swarm();
  control = fleet.control();
});

const base64 = (bytes: number) => Buffer.alloc(bytes, 'x').toString('base64');
const DATA = base64(5);

describe.each([
  ['secret', 'secrets', 512_000],
  ['config', 'configs', 1_024_000],
] as const)('%s', (kind, kinds, limit) => {
  const invalid = (text: string) => `rpc error: code = InvalidArgument desc = ${text}`;
  const nameRule =
    'invalid name, only 64 [a-zA-Z0-9-_.] characters allowed, and the start and end character must be [a-zA-Z0-9]';

  test.each([
    [invalid('name must be provided'), { Data: DATA }],
    [invalid(nameRule), { Name: 'a b', Data: DATA }],
    [invalid(nameRule), { Name: '.a', Data: DATA }],
    [invalid(nameRule), { Name: 'a'.repeat(65), Data: DATA }],
    [invalid(`${kind} data must be larger than 0 and less than ${limit} bytes`), { Name: 'a' }],
    [invalid(`${kind} data must be larger than 0 and less than ${limit} bytes`), { Name: 'a', Data: base64(limit) }],
    ['invalid JSON: illegal base64 data at input byte 0', { Name: 'a', Data: '!!' }],
  ])('400 %s', async (message, request) => {
    await expect(control[kinds].create(request)).rejects.toMatchObject({ status: 400, message });
  });

  test('names are unique, whatever their letter case', async () => {
    await control[kinds].create({ Name: 'pw.prod_1', Data: base64(limit - 1) });
    await expect(control[kinds].create({ Name: 'PW.prod_1', Data: DATA })).rejects.toMatchObject({
      status: 409,
      message: `rpc error: code = AlreadyExists desc = ${kind} PW.prod_1 already exists`,
    });
  });

  test('labels can be changed, and nothing else', async () => {
    await control[kinds].create({ Name: 'pw', Data: DATA });
    const { Version } = control[kinds].get('pw') as { Version: { Index: number } };
    const version = String(Version.Index);
    for (const request of [{ Name: 'other' }, { Name: 'pw', Data: base64(6) }, { Labels: {} }])
      await expect(control[kinds].update('pw', request, { version })).rejects.toMatchObject({
        status: 400,
        message: invalid('only updates to Labels are allowed'),
      });
    await control[kinds].update('pw', { Name: 'pw', Labels: { b: '1', a: '2' } }, { version });
    expect(control[kinds].get('pw')).toMatchObject({ Spec: { Labels: { a: '2', b: '1' } } });
    await expect(control[kinds].update('pw', { Name: 'pw' }, { version })).rejects.toMatchObject({ status: 500 });
    await expect(control[kinds].update('pw', { Name: 'pw' }, { version: 'x' })).rejects.toMatchObject({
      status: 400,
      message: `invalid ${kind} version`,
    });
  });

  test('what services refer to cannot be removed', async () => {
    const { ID } = await control[kinds].create({ Name: 'pw', Data: DATA });
    const File = { Name: 'f', UID: '0', GID: '0', Mode: 292 };
    const reference =
      kind === 'secret'
        ? { Secrets: [{ File, SecretID: ID, SecretName: 'pw' }] }
        : { Configs: [{ File, ConfigID: ID, ConfigName: 'pw' }] };
    await control.services.create(serviceBody('web', {}, { ContainerSpec: { Image: 'nginx', ...reference } }));
    await expect(control[kinds].remove('pw')).rejects.toMatchObject({
      status: 400,
      message: invalid(`${kind} 'pw' is in use by the following service: web`),
    });
    await control.services.create(serviceBody('api', {}, { ContainerSpec: { Image: 'nginx', ...reference } }));
    await expect(control[kinds].remove('pw')).rejects.toMatchObject({
      message: expect.stringMatching(/following services: (api, web|web, api)$/),
    });
    await control.services.remove('web');
    await control.services.remove('api');
    await control[kinds].remove(ID);
    expect(() => control[kinds].get('pw')).toThrow(`${kind} pw not found`);
  });

  test('they are found by name, beginning of ID and label', async () => {
    await control[kinds].create({ Name: 'one', Data: DATA, Labels: { a: 'b' } });
    await control[kinds].create({ Name: 'two', Data: DATA });
    const names = (filters: unknown) =>
      control[kinds].list({ filters: JSON.stringify(filters) }).map(({ Spec }) => (Spec as { Name: string }).Name);
    expect(names({ name: ['o'] })).toEqual(['one']);
    expect(names({ label: ['a=b'] })).toEqual(['one']);
    expect(names({}).sort()).toEqual(['one', 'two']);
    expect(() => names({ bogus: ['x'] })).toThrow("invalid filter 'bogus'");
  });
});

test('a secret is never given back, a config is', async () => {
  await control.secrets.create({ Name: 'a', Data: DATA, Templating: { Name: 'golang' } });
  await control.configs.create({ Name: 'a', Data: DATA });
  expect(control.secrets.get('a').Spec).toEqual({ Name: 'a', Labels: {}, Templating: { Name: 'golang' } });
  expect(control.secrets.list()[0]?.Spec).not.toHaveProperty('Data');
  expect(control.configs.get('a').Spec).toEqual({ Name: 'a', Labels: {}, Data: DATA });
});

test('secrets of a driver that is not there are refused', async () => {
  await expect(control.secrets.create({ Name: 'a', Driver: { Name: 'vault' } })).rejects.toMatchObject({
    status: 500,
    message: 'rpc error: code = Unknown desc = plugin "vault" not found',
  });
});

test('data may come as a list of numbers, as Go reads bytes', async () => {
  await control.configs.create({ Name: 'numbers', Data: [104, 105] });
  expect(control.configs.get('numbers')).toMatchObject({ Spec: { Data: 'aGk=' } });
  await expect(control.configs.create({ Name: 'x', Data: [256] })).rejects.toThrow('cannot unmarshal');
});
