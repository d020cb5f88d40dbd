import { ConfirmDialog, NameDialog } from './file-dialogs.tsx';
import type { NodeFiles } from './node-files.ts';

/** What the page wants to know before it changes something: a name, or whether it may. */
export type Asking =
  | { what: 'file' | 'folder' }
  | { what: 'rename' | 'remove'; path: string }
  | { what: 'replace'; path: string; answer: (yes: boolean) => void };

interface FileQuestionProps {
  files: NodeFiles;
  asking: Asking;
  folder: string;
  onSelect: (path: string) => void;
  onClose: () => void;
}

/** The dialog of what is asked. `folder` is where something new goes, `onSelect` hears what it was called. */
export function FileQuestion({ files, asking, folder, onSelect, onClose }: FileQuestionProps) {
  const named = (change: (name: string) => Promise<string | undefined>) => async (name: string) => {
    const problem = await change(name);
    if (problem === undefined) onSelect(name);
    return problem;
  };
  const within = folder === '' ? '' : `${folder}/`;
  switch (asking.what) {
    case 'file':
      return (
        <NameDialog
          title={`New file on ${files.node}`}
          action="Make it"
          initial={`${within}stack.yml`}
          onName={named((name) => files.createFile(name))}
          onClose={onClose}
        />
      );
    case 'folder':
      return (
        <NameDialog
          title={`New folder on ${files.node}`}
          action="Make it"
          initial={`${within}app`}
          onName={named((name) => files.createFolder(name))}
          onClose={onClose}
        />
      );
    case 'rename':
      return (
        <NameDialog
          title={`Rename ${asking.path}`}
          action="Rename"
          initial={asking.path}
          onName={named((name) => files.move(asking.path, name))}
          onClose={onClose}
        />
      );
    case 'remove':
      return (
        <ConfirmDialog
          title={`Remove ${asking.path}?`}
          words={`It is removed from ${files.node}, with everything in it.`}
          action="Remove"
          onConfirm={() => void files.remove(asking.path)}
          onClose={onClose}
        />
      );
    case 'replace':
      return (
        <ConfirmDialog
          title={`Replace ${asking.path}?`}
          words={`There is a file of that name on ${files.node} already.`}
          action="Replace"
          onConfirm={() => asking.answer(true)}
          onClose={onClose}
        />
      );
  }
}
