import { expect, test } from 'vitest';
import { checkDockerArguments } from '../../../server/clusters/embedded/simulated-shell/docker-arguments.ts';

const check = (call: string) => checkDockerArguments(call.split(' '));

test.each([
  'ps -a',
  'node ls',
  '--help',
  'service create --name web -p 8080:80 nginx',
  'run --rm -v data:/data alpine cat /etc/passwd',
  'run -it alpine sh -c /bin/true',
  'exec -it web sh',
  'service logs -f web',
  'context ls',
  'swarm join --token x 10.10.10.100:2377',
  'cp web:/etc/nginx/nginx.conf -',
  'config create site -',
  'build -',
  'container ls --filter name=x',
])('docker %s is said as it is', (call) => {
  expect(check(call)).toEqual({ files: [] });
});

test.each([
  '-H tcp://127.0.0.1:2375 ps',
  '--host=ssh://root@host ps',
  '-c other ps',
  '--context other ps',
  '--config /root/.docker ps',
  '--tlscacert /etc/shadow ps',
  '-DH tcp://127.0.0.1:80 ps',
  'context create x --docker host=tcp://127.0.0.1:80',
  'context import x /root/x.tar',
  'compose up',
  'buildx build .',
  'trust key load /root/key',
  'manifest inspect --insecure 127.0.0.1:8080/x',
  'plugin create x /root',
  'run --cidfile /root/x alpine',
  'run --security-opt seccomp=/etc/shadow alpine',
  'container run --cidfile=/root/x alpine',
  'pull --disable-content-trust=false alpine',
  'swarm ca --rotate --ca-cert /etc/shadow',
  'swarm init --external-ca protocol=cfssl,url=x,cacert=/etc/shadow',
  'build --iidfile /root/x .',
  'build -qf /etc/shadow .',
  'save -qo /root/x alpine',
  'load -qi /etc/shadow',
])('docker %s is refused', (call) => {
  expect(check(call)).toMatchObject({ refused: expect.any(String) });
});

test.each([
  ['run --env-file /root/.env alpine', 'read', '/root/.env'],
  ['container run --label-file=labels alpine', 'read', 'labels'],
  ['service create --env-file .env nginx', 'read', '.env'],
  ['service update --env-file .env web', 'read', '.env'],
  ['config create site ../../etc/shadow', 'read', '../../etc/shadow'],
  ['secret create -l a=b key /etc/shadow', 'read', '/etc/shadow'],
  ['stack deploy -c /root/stack.yml app', 'compose', '/root/stack.yml'],
  ['stack deploy -cstack.yml app', 'compose', 'stack.yml'],
  ['stack config --compose-file=a.yml', 'compose', 'a.yml'],
  ['cp /etc/shadow web:/tmp', 'read', '/etc/shadow'],
  ['cp web:/etc/passwd ../x', 'write', '../x'],
  ['save -o /root/x.tar alpine', 'write', '/root/x.tar'],
  ['export --output=x.tar web', 'write', 'x.tar'],
  ['load -i x.tar', 'read', 'x.tar'],
  ['image load --input x.tar', 'read', 'x.tar'],
  ['import /root/x.tar', 'read', '/root/x.tar'],
  ['build /etc', 'read', '/etc'],
  ['image build -t x /etc', 'read', '/etc'],
])('docker %s: the file is one of the simulated shell', (call, use, path) => {
  expect(check(call)).toMatchObject({ files: expect.arrayContaining([expect.objectContaining({ use, path })]) });
});

test('every argument of a build that could be a folder is taken from the simulated shell, wherever it stands', () => {
  const argv = 'build /etc -t web'.split(' ');
  const checked = checkDockerArguments(argv);
  expect(checked).toMatchObject({
    files: expect.arrayContaining([expect.objectContaining({ index: 1, path: '/etc' })]),
  });
});
