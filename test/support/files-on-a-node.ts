import { expect } from 'vitest';
import { NodeFiles } from '../../server/workspaces/files/node-files.ts';

/** Runs a command on the node as the student, and gives what it printed. */
export type OnNode = (command: string) => Promise<string>;

const REFUSED = { code: 'SL_FILE_REFUSED' };

/** What must hold for the student's files on every kind of node: the page and the shell see the same ones, and links lead nowhere. */
export async function expectFilesToWork(agentSocket: string, onNode: OnNode): Promise<void> {
  const files = new NodeFiles(agentSocket);
  const write = (path: string, text: string) => files.write(path, Buffer.from(text), undefined);
  await files.makeFolder('app');
  await write('app/stack.yml', 'services: {}\n');
  expect(await onNode('cat ~/app/stack.yml; stat -c "%U %a" ~/app/stack.yml')).toBe('services: {}\nvagrant 644');
  await onNode('echo by the shell > ~/app/note');
  expect((await files.read('app/note')).content.toString()).toBe('by the shell\n');
  const { entries } = await files.list();
  expect(entries.map(({ path }) => path)).toEqual(expect.arrayContaining(['app', 'app/note', 'app/stack.yml']));

  await onNode(
    'mkdir ~/links && ln -s /etc/passwd ~/links/file && ln -s /etc ~/links/folder && ln -s /proc/1 ~/links/one',
  );
  await onNode('ln -s /run ~/links/run');
  for (const path of [
    'file',
    'folder/passwd',
    'folder/shadow',
    'one/environ',
    'run/docker.sock',
    'run/swarmlab/agent.json',
  ]) {
    await expect(files.read(`links/${path}`), path).rejects.toMatchObject(REFUSED);
    await expect(write(`links/${path}`, 'x'), path).rejects.toMatchObject(REFUSED);
  }
  await expect(files.move('app/note', 'links/folder/note')).rejects.toMatchObject(REFUSED);
  await expect(files.read('../../etc/passwd')).rejects.toMatchObject({ code: 'SL_USAGE' });
  await files.remove('links');
  expect(await onNode('id -un; test -f /etc/passwd && echo there')).toBe('vagrant\nthere');
  await files.remove('app');
  expect(await onNode('ls ~')).toBe('');
}
