import { SwarmlabError } from '../errors/swarmlab-error.ts';
import type { HomeFiles } from './home-files.ts';
import { type FileEntry, type FileListing, MAX_DEPTH, MAX_ENTRIES, MAX_FILE_BYTES } from './protocol.ts';
import { runScript, type StudentCommand } from './run-script.ts';
import { ENDINGS, LIST, MAKE_FOLDER, MOVE, READ, REMOVE, WRITE } from './scripts.ts';

const NEWLINE = 0x0a;

const KINDS: Readonly<Record<string, FileEntry['kind']>> = { f: 'file', d: 'folder', l: 'link' };

/**
 * The files in a student's home folder on one node. Everything is done by the student's own hand there, so that no path, link or race
 * reaches what the student could not reach; links are besides not followed at all.
 */
export class StudentFiles implements HomeFiles {
  readonly #command: StudentCommand;

  /** `command` starts a program on the node as the student. */
  constructor(command: StudentCommand) {
    this.#command = command;
  }

  /** All there is, by path. */
  async list(): Promise<FileListing> {
    const output = await this.#run('the home folder', LIST, [String(MAX_DEPTH), String(MAX_ENTRIES + 1)]);
    const entries = output.toString().split('\0').filter(Boolean).map(readEntry);
    const listed = entries.slice(0, MAX_ENTRIES).sort((a, b) => (a.path < b.path ? -1 : 1));
    return { entries: listed, more: entries.length > MAX_ENTRIES };
  }

  /** Rejects with SL_FILE_NOT_FOUND, SL_FILE_REFUSED (a link, a folder, a pipe) or SL_FILE_TOO_LARGE. */
  async read(path: string): Promise<{ version: string; content: Buffer }> {
    const output = await this.#run(path, READ, [path, String(MAX_FILE_BYTES)]);
    const end = output.indexOf(NEWLINE);
    return { version: output.subarray(0, end).toString(), content: output.subarray(end + 1) };
  }

  /**
   * Puts `content` in the place of what the file holds, or makes it; gives the new version. With a `condition` only if the file still
   * has that version (SL_FILE_CHANGED), or with NEW_FILE only if there is none (SL_FILE_EXISTS).
   */
  async write(path: string, content: Uint8Array, condition: string | undefined): Promise<string> {
    if (content.length > MAX_FILE_BYTES) throw tooLarge(path);
    return (await this.#run(path, WRITE, [path, condition ?? ''], content)).toString().trim();
  }

  async remove(path: string): Promise<void> {
    await this.#run(path, REMOVE, [path]);
  }

  /** Rejects with SL_FILE_EXISTS. */
  async makeFolder(path: string): Promise<void> {
    await this.#run(path, MAKE_FOLDER, [path]);
  }

  /** Rejects with SL_FILE_EXISTS when something has the new name already. */
  async move(from: string, to: string): Promise<void> {
    await this.#run(from, MOVE, [from, to], undefined, to);
  }

  async #run(path: string, script: string, args: string[], input?: Uint8Array, target = path): Promise<Buffer> {
    const { code, output, complaint } = await runScript(this.#command, script, args, input);
    if (code === 0) return output;
    throw failure(code, path, target, complaint);
  }
}

function readEntry(line: string): FileEntry {
  const [kind = '', size = '0', time = '0', ...name] = line.split('\t');
  return {
    path: name.join('\t'),
    kind: KINDS[kind] ?? 'other',
    size: Number(size),
    modified: Math.round(Number(time) * 1000),
  };
}

function tooLarge(path: string): SwarmlabError {
  return new SwarmlabError(
    'SL_FILE_TOO_LARGE',
    `${path} has more than ${MAX_FILE_BYTES / 1024 / 1024} MiB, and that is as much as goes through the page`,
  );
}

function failure(code: number | null, path: string, target: string, complaint: string): SwarmlabError {
  switch (code) {
    case ENDINGS.missing:
      return new SwarmlabError('SL_FILE_NOT_FOUND', `there is no ${path} in the home folder`);
    case ENDINGS.notAFile:
      return new SwarmlabError('SL_FILE_REFUSED', `${path} is no ordinary file`);
    case ENDINGS.link:
      return new SwarmlabError('SL_FILE_REFUSED', `${path} is a link, or lies behind one`);
    case ENDINGS.tooLarge:
      return tooLarge(path);
    case ENDINGS.changed:
      return new SwarmlabError('SL_FILE_CHANGED', `${path} has been changed on the node since it was opened`);
    case ENDINGS.exists:
      return new SwarmlabError('SL_FILE_EXISTS', `there is a ${target} already`);
    default:
      if (/No space left|Disk quota|File size limit/i.test(complaint)) {
        return new SwarmlabError('SL_DISK_FULL', `there is no room for ${path} on the node`, {
          next: 'Remove files from the home folder.',
        });
      }
      return new SwarmlabError('SL_FILE_REFUSED', `${path}: ${complaint || 'the node did not do it in time'}`);
  }
}
