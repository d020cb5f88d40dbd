import { execFileSync } from 'node:child_process';
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { filePath, MAX_ENTRIES, MAX_FILE_BYTES, NEW_FILE } from '../../../server/files/protocol.ts';
import { StudentFiles } from '../../../server/files/student-files.ts';

let folder: string;
let home: string;
let secret: string;
let files: StudentFiles;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'sl-files-'));
  home = join(folder, 'home');
  secret = join(folder, 'secret');
  mkdirSync(home);
  writeFileSync(secret, 'SECRET');
  files = new StudentFiles((words) => ({ words, environment: { HOME: home, PATH: process.env.PATH ?? '' } }));
});

afterEach(() => rmSync(folder, { recursive: true, force: true }));

const write = (path: string, text: string, condition?: string) => files.write(path, Buffer.from(text), condition);
const text = async (path: string) => (await files.read(path)).content.toString();

test('what is written is read again, byte by byte, and listed', async () => {
  await files.makeFolder('app');
  const bytes = Buffer.from([0, 1, 10, 13, 10, 255, 254, 0]);
  await files.write('app/odd name\'s "file".bin', bytes, undefined);
  expect((await files.read('app/odd name\'s "file".bin')).content).toEqual(bytes);
  const { entries, more } = await files.list();
  expect(more).toBe(false);
  expect(entries.map(({ path, kind, size }) => ({ path, kind, size }))).toEqual([
    { path: 'app', kind: 'folder', size: expect.any(Number) },
    { path: 'app/odd name\'s "file".bin', kind: 'file', size: 8 },
  ]);
});

test('an empty file and a name that looks like an option', async () => {
  await write('-rf', '');
  expect(await text('-rf')).toBe('');
  await files.move('-rf', '--help');
  await files.remove('--help');
  expect(readdirSync(home)).toEqual([]);
});

test('a file keeps its mode when it is saved, and a new one is readable', async () => {
  writeFileSync(join(home, 'run.sh'), 'old', { mode: 0o750 });
  await write('run.sh', 'new');
  await write('stack.yml', 'new');
  const mode = (name: string) => statSync(join(home, name)).mode & 0o777;
  expect([mode('run.sh'), mode('stack.yml')]).toEqual([0o750, 0o644]);
});

test('a file that was changed meanwhile is not written over unless that is wanted', async () => {
  const first = await write('stack.yml', 'one');
  const second = await write('stack.yml', 'two', first);
  writeFileSync(join(home, 'stack.yml'), 'by the shell');
  await expect(write('stack.yml', 'three', second)).rejects.toMatchObject({ code: 'SL_FILE_CHANGED' });
  expect(await text('stack.yml')).toBe('by the shell');
  await write('stack.yml', 'three');
  expect(await text('stack.yml')).toBe('three');
  await files.remove('stack.yml');
  await expect(write('stack.yml', 'four', second)).rejects.toMatchObject({ code: 'SL_FILE_CHANGED' });
  await write('stack.yml', 'five', NEW_FILE);
  await expect(write('stack.yml', 'six', NEW_FILE)).rejects.toMatchObject({ code: 'SL_FILE_EXISTS' });
});

test('names are given once', async () => {
  await write('a', 'a');
  await write('b', 'b');
  await expect(files.move('a', 'b')).rejects.toMatchObject({ code: 'SL_FILE_EXISTS' });
  await expect(files.makeFolder('a')).rejects.toMatchObject({ code: 'SL_FILE_EXISTS' });
  await expect(files.move('c', 'd')).rejects.toMatchObject({ code: 'SL_FILE_NOT_FOUND' });
  await expect(files.remove('c')).rejects.toMatchObject({ code: 'SL_FILE_NOT_FOUND' });
  await expect(files.read('c')).rejects.toMatchObject({ code: 'SL_FILE_NOT_FOUND' });
  await expect(write('no-folder/x', '')).rejects.toMatchObject({ code: 'SL_FILE_NOT_FOUND' });
});

describe('links lead nowhere', () => {
  const refused = { code: 'SL_FILE_REFUSED' };

  test('to a file: not read, not written', async () => {
    symlinkSync(secret, join(home, 'x'));
    await expect(files.read('x')).rejects.toMatchObject(refused);
    await expect(write('x', 'mine')).rejects.toMatchObject(refused);
    await expect(write('x', 'mine', NEW_FILE)).rejects.toMatchObject(refused);
    expect(readFileSync(secret, 'utf8')).toBe('SECRET');
  });

  test('to a folder: nothing behind it is listed, read, written, moved or removed', async () => {
    symlinkSync(folder, join(home, 'way'));
    await write('mine', '');
    await expect(files.read('way/secret')).rejects.toMatchObject(refused);
    await expect(write('way/new', '')).rejects.toMatchObject(refused);
    await expect(files.makeFolder('way/new')).rejects.toMatchObject(refused);
    await expect(files.remove('way/secret')).rejects.toMatchObject(refused);
    await expect(files.move('way/secret', 'here')).rejects.toMatchObject(refused);
    await expect(files.move('mine', 'way/there')).rejects.toMatchObject(refused);
    expect((await files.list()).entries.map(({ path, kind }) => `${path} ${kind}`)).toEqual(['mine file', 'way link']);
    expect(readdirSync(folder).sort()).toEqual(['home', 'secret']);
  });

  test('a link itself may be removed, and what it leads to stays', async () => {
    symlinkSync(folder, join(home, 'way'));
    symlinkSync(join(home, 'nothing'), join(home, 'dangling'));
    await expect(write('dangling', 'x')).rejects.toMatchObject(refused);
    await files.remove('way');
    await files.remove('dangling');
    expect(readdirSync(home)).toEqual([]);
    expect(readdirSync(folder).sort()).toEqual(['home', 'secret']);
  });
});

test('folders, pipes and what is too large are refused, at once', async () => {
  mkdirSync(join(home, 'folder'));
  execFileSync('mkfifo', [join(home, 'pipe')]);
  execFileSync('truncate', ['--size', String(MAX_FILE_BYTES + 1), join(home, 'large')]);
  await expect(files.read('folder')).rejects.toMatchObject({ code: 'SL_FILE_REFUSED' });
  await expect(write('folder', '')).rejects.toMatchObject({ code: 'SL_FILE_REFUSED' });
  await expect(files.read('pipe')).rejects.toMatchObject({ code: 'SL_FILE_REFUSED' });
  await expect(write('pipe', '')).rejects.toMatchObject({ code: 'SL_FILE_REFUSED' });
  await expect(files.read('large')).rejects.toMatchObject({ code: 'SL_FILE_TOO_LARGE' });
  const tooMuch = Buffer.alloc(MAX_FILE_BYTES + 1);
  await expect(files.write('mine', tooMuch, undefined)).rejects.toMatchObject({ code: 'SL_FILE_TOO_LARGE' });
  await files.write('mine', Buffer.alloc(MAX_FILE_BYTES, 'x'), undefined);
  expect((await files.read('mine')).content.length).toBe(MAX_FILE_BYTES);
});

test('a home with no end to it is listed as far as it goes, and so it is said', async () => {
  for (let number = 0; number < MAX_ENTRIES + 5; number++) writeFileSync(join(home, `f${number}`), '');
  const { entries, more } = await files.list();
  expect([entries.length, more]).toEqual([MAX_ENTRIES, true]);
});

test('a save that fails leaves the file as it was, and nothing beside it', async () => {
  await write('kept', 'old');
  const broken = new StudentFiles((words) => ({
    words: ['prlimit', '--fsize=1000', '--', ...words],
    environment: { HOME: home, PATH: process.env.PATH ?? '' },
  }));
  await expect(broken.write('kept', Buffer.alloc(5000, 'x'), undefined)).rejects.toMatchObject({
    code: expect.stringMatching(/SL_DISK_FULL|SL_FILE_REFUSED/),
  });
  expect(await text('kept')).toBe('old');
  expect(readdirSync(home)).toEqual(['kept']);
});

test.each(['', '/etc/passwd', '../secret', 'a/../../b', './a', 'a//b', 'a/', 'a\0b', 'a\nb', 'x'.repeat(600)])(
  '%j is no path',
  (path) => expect(filePath.safeParse(path).success).toBe(false),
);
