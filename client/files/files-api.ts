import { fileListing, VERSION_HEADER } from '../../server/files/protocol.ts';
import { call, request, tell } from '../api/call.ts';

/** The student's files on one node of a workspace. Everything rejects with ApiError. */
export function filesApi(workspace: string, node: string) {
  const base = `/api/workspaces/${workspace}/nodes/${node}/files`;
  const content = (path: string) => `${base}/content?path=${encodeURIComponent(path)}`;
  return {
    list: () => call(fileListing, 'GET', base),
    /** Where a browser gets the file as a download. */
    address: content,
    read: async (path: string): Promise<{ version: string; bytes: Uint8Array }> => {
      const response = await request('GET', content(path));
      return { version: versionOf(response), bytes: new Uint8Array(await response.arrayBuffer()) };
    },
    /** Gives the new version. `condition`: the version that the file must have, or NEW_FILE. */
    write: async (path: string, body: Blob, condition: string | undefined): Promise<string> => {
      const headers = {
        'content-type': 'application/octet-stream',
        ...(condition !== undefined && { [VERSION_HEADER]: condition }),
      };
      return versionOf(await request('PUT', content(path), { body, headers }));
    },
    remove: (path: string) => tell('DELETE', content(path)),
    makeFolder: (path: string) => tell('POST', `${base}/folders`, { path }),
    move: (from: string, to: string) => tell('POST', `${base}/moves`, { from, to }),
  };
}
export type FilesApi = ReturnType<typeof filesApi>;

function versionOf(response: Response): string {
  return response.headers.get(VERSION_HEADER) ?? '';
}
