import { describe, expect, test } from 'vitest';
import { containerCreate } from '../../../server/gateway/guard/bodies/container.ts';
import { canonicalKeys, foldKey } from '../../../server/gateway/guard/json/canonical-keys.ts';
import { parseStrictJson } from '../../../server/gateway/guard/json/strict-json.ts';

const canonical = (text: string) => canonicalKeys(parseStrictJson(Buffer.from(text)), containerCreate);

describe('keys as Go reads them', () => {
  test('are spelled as the struct spells them, at every depth', () => {
    const read = canonical(
      '{"image":"a","HOSTCONFIG":{"pRIVILEGED":true,"mounts":[{"tYPE":"bind","volumeOPTIONS":{"driverconfig":{"name":"x"}}}]}}',
    );
    expect(read).toEqual({
      Image: 'a',
      HostConfig: {
        Privileged: true,
        Mounts: [{ Type: 'bind', VolumeOptions: { DriverConfig: { Name: 'x' } } }],
      },
    });
  });

  test('fold the Kelvin sign and the long s, as Go does', () => {
    expect(canonical('{"NetworDisabled":true}'.replace('rD', 'r\u212aD'))).toEqual({ NetworkDisabled: true });
    expect(canonical('{"HostConfig":{"\u017fecurityOpt":["a"]}}')).toEqual({ HostConfig: { SecurityOpt: ['a'] } });
    expect(foldKey('PRIVILEGED')).toBe('privileged');
  });

  test.each([
    ['{"Image":"a","IMAGE":"b"}', 'the key "Image" is there twice'],
    ['{"HostConfig":{},"hostconfig":{"Privileged":true}}', 'the key "HostConfig" is there twice'],
    ['{"HostConfig":{"Privileged":false,"pRIVILEGED":true}}', 'the key "HostConfig.Privileged" is there twice'],
    ['{"HostConfig":{"Binds":[],"Bind\u017f":["/:/x"]}}', 'the key "HostConfig.Binds" is there twice'],
    ['{"Surprise":1}', 'the key "Surprise" is not known here'],
    ['{"HostConfig":{"Mounts":[{"Surprise":1}]}}', 'the key "HostConfig.Mounts[0].Surprise" is not known here'],
  ])('refuses %s', (text, message) => {
    expect(() => canonical(text)).toThrow(message);
  });

  test('leaves the keys of maps alone', () => {
    const labels = '{"Labels":{"a":"1","A":"2","Image":"3"}}';
    expect(canonical(labels)).toEqual(JSON.parse(labels));
  });
});
