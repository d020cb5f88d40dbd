import { parse, stringify } from 'yaml';

/** Keys of a compose file under which paths of files stand. Keys count without regard to case: the client's reader is not strict either. */
const FILE_KEYS = new Set(['file', 'env_file', 'extends', 'build', 'credential_spec', 'include']);

/**
 * A compose file written anew, as this program has understood it, with the files that it names put where `place` says: the client must not
 * find anything in it that was not looked at. Throws an Error with what is wrong.
 */
export async function rewriteComposeFile(text: string, place: (path: string) => Promise<string>): Promise<string> {
  const rewritten = await walk(parse(text, { merge: true, version: '1.1' }), place, undefined);
  return stringify(rewritten, { aliasDuplicateObjects: false, version: '1.1' });
}

async function walk(
  node: unknown,
  place: (path: string) => Promise<string>,
  key: string | undefined,
): Promise<unknown> {
  const names = key !== undefined && FILE_KEYS.has(key.toLowerCase());
  if (typeof node === 'string' && names) {
    if (node.includes('$')) throw new Error(`${key}: ${node}: a file's name is written out here`);
    return place(node);
  }
  if (Array.isArray(node)) return Promise.all(node.map((each) => walk(each, place, names ? key : undefined)));
  if (typeof node !== 'object' || node === null) return node;
  if (names && key !== 'build') throw new Error(`${key}: only the name of a file can stand here`);
  const entries = Object.entries(node).map(async ([name, value]) => [name, await walk(value, place, name)] as const);
  return Object.fromEntries(await Promise.all(entries));
}
