import { expect, test } from 'vitest';
import { rewriteComposeFile } from '../../../server/clusters/embedded/simulated-shell/compose-file.ts';

const place = async (path: string) => `./placed/${path.replaceAll('/', '_')}`;

test('files that a compose file names are put in place, and the rest stays', async () => {
  const text = `
version: "3.9"
services:
  web:
    image: nginx
    env_file: [web.env, /etc/environment]
    command: [cat, /etc/hosts]
configs:
  site: { file: ../site.conf }
secrets:
  key: &k
    file: key
  other: *k
`;
  const rewritten = await rewriteComposeFile(text, place);
  expect(rewritten).toContain('- ./placed/web.env');
  expect(rewritten).toContain('- ./placed/_etc_environment');
  expect(rewritten).toContain('file: ./placed/.._site.conf');
  expect(rewritten.match(/file: \.\/placed\/key/g)).toHaveLength(2);
  expect(rewritten).toContain('- /etc/hosts');
  expect(rewritten).not.toContain('*');
});

test.each([
  ['a variable in a file’s name', 'secrets: { a: { file: "$HOME/x" } }'],
  ['a name that is none', 'secrets: { a: { file: { path: /etc/shadow } } }'],
  ['a mapping in another case', 'secrets: { a: { FILE: { x: /etc/shadow } } }'],
])('%s is refused', async (_, text) => {
  await expect(rewriteComposeFile(text, place)).rejects.toThrow();
});

test('a merged key is put in place, too', async () => {
  const text = 'x-base: &b { file: /etc/shadow }\nsecrets:\n  a:\n    <<: *b\n';
  expect(await rewriteComposeFile(text, place)).not.toContain('/etc/shadow');
});
