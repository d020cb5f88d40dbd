import { spawnSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { packTar } from '../../../server/engine/tar.ts';

const listed = (archive: Buffer) =>
  spawnSync('tar', ['-tvf', '-', '--numeric-owner'], { input: archive, encoding: 'utf8' }).stdout.trim().split('\n');

describe('a packed archive', () => {
  it('is one that tar reads, with modes and owners', () => {
    const archive = packTar([
      { path: 'bin', type: 'folder' },
      { path: 'bin/run', type: 'file', content: Buffer.from('#!/bin/sh\n'), mode: 0o755, uid: 33, gid: 44 },
    ]);
    const [folder, file] = listed(archive);
    expect(folder).toMatch(/^drwxr-xr-x 0\/0 .* bin\/$/);
    expect(file).toMatch(/^-rwxr-xr-x 33\/44 +10 .* bin\/run$/);
  });

  it('keeps contents of any length whole', () => {
    for (const length of [0, 1, 511, 512, 513]) {
      const content = Buffer.alloc(length, 'x');
      const archive = packTar([{ path: 'file', type: 'file', content }]);
      const { stdout } = spawnSync('tar', ['-xOf', '-', 'file'], { input: archive });
      expect(stdout.equals(content)).toBe(true);
    }
  });

  it('keeps long paths, and refuses those it cannot keep', () => {
    const path = `${'folder/'.repeat(20)}file`;
    expect(listed(packTar([{ path, type: 'file', content: Buffer.alloc(1) }]))[0]).toContain(path);
    expect(() => packTar([{ path: 'x'.repeat(101), type: 'file', content: Buffer.alloc(1) }])).toThrow(RangeError);
  });
});
