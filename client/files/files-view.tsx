import { useSignal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import { Icon } from '../ui/icon.tsx';
import { ConfirmDialog, NameDialog } from './file-dialogs.tsx';
import { FilePane } from './file-pane.tsx';
import { FileTree } from './file-tree.tsx';
import type { NodeFiles } from './node-files.ts';
import { folderOf } from './tree.ts';
import './files.css';

/** What the shell has changed is looked for this often while the files are on show. */
const LOOK_AGAIN = 4000;

type Asking =
  | { what: 'file' | 'folder' }
  | { what: 'rename' | 'remove'; path: string }
  | { what: 'replace'; path: string; answer: (yes: boolean) => void };

/** The student's home folder on one node: a tree, an editor, upload and download. */
export function FilesView({ files }: { files: NodeFiles }) {
  const selected = useSignal<string | undefined>(files.shown.peek());
  const asking = useSignal<Asking | undefined>(undefined);
  const hidden = useSignal(false);
  const dropping = useSignal(false);
  const picker = useRef<HTMLInputElement>(null);
  const place = useRef<HTMLElement>(null);
  useEffect(() => {
    void files.refresh();
    const timer = setInterval(() => {
      if (!document.hidden) void files.refresh();
    }, LOOK_AGAIN);
    return () => clearInterval(timer);
  }, [files]);

  const isAsking = asking.value !== undefined;
  useEffect(() => {
    if (!isAsking) return;
    return () => {
      // What had the focus before the dialog may have another name now, or be gone.
      if (document.activeElement === document.body) focusTree(place.current);
    };
  }, [isAsking]);

  const entries = files.listing.value?.entries ?? [];
  const chosen = entries.find(({ path }) => path === selected.value);
  const folder = chosen === undefined ? '' : chosen.kind === 'folder' ? chosen.path : folderOf(chosen.path);
  const upload = (list: FileList | null | undefined) => {
    const replace = (path: string) =>
      new Promise<boolean>((answer) => {
        asking.value = { what: 'replace', path, answer };
      });
    void files.upload([...(list ?? [])], folder, replace);
  };
  const ask = (next: Asking) => () => {
    asking.value = next;
  };
  const file = files.file.value;
  return (
    <section
      ref={place}
      class={`files ${dropping.value ? 'files-dropping' : ''}`}
      aria-label={`Files on ${files.node}`}
      onDragOver={(event) => {
        event.preventDefault();
        dropping.value = true;
      }}
      onDragLeave={() => {
        dropping.value = false;
      }}
      onDrop={(event) => {
        event.preventDefault();
        dropping.value = false;
        upload(event.dataTransfer?.files);
      }}
    >
      <div class="files-side">
        <div class="files-tools">
          <button type="button" class="quiet" aria-label="New file" title="New file" onClick={ask({ what: 'file' })}>
            <Icon name="newFile" />
          </button>
          <button
            type="button"
            class="quiet"
            aria-label="New folder"
            title="New folder"
            onClick={ask({ what: 'folder' })}
          >
            <Icon name="newFolder" />
          </button>
          <button
            type="button"
            class="quiet"
            aria-label="Upload"
            title={`Upload into ${folder === '' ? 'the home folder' : folder}`}
            onClick={() => picker.current?.click()}
          >
            <Icon name="upload" />
          </button>
          <input
            ref={picker}
            type="file"
            multiple
            hidden
            onChange={(event) => {
              upload(event.currentTarget.files);
              event.currentTarget.value = '';
            }}
          />
          <button
            type="button"
            class="quiet"
            aria-pressed={hidden.value}
            aria-label="Hidden files"
            title="Names that begin with a dot"
            onClick={() => {
              hidden.value = !hidden.value;
            }}
          >
            <Icon name="eye" />
          </button>
        </div>
        <Problem files={files} />
        {files.listing.value !== undefined && (
          <FileTree
            files={files}
            hidden={hidden.value}
            selected={selected.value}
            onSelect={(path) => {
              selected.value = path;
            }}
            onRemove={(path) => ask({ what: 'remove', path })()}
            onRename={(path) => ask({ what: 'rename', path })()}
          />
        )}
        {files.listing.value?.more === true && <p class="files-note">There are more files than are listed here.</p>}
      </div>
      {file === undefined ? (
        <Nothing files={files} onNew={ask({ what: 'file' })} onUpload={() => picker.current?.click()} />
      ) : (
        <FilePane
          key={file.path}
          files={files}
          file={file}
          onRename={(path) => ask({ what: 'rename', path })()}
          onRemove={(path) => ask({ what: 'remove', path })()}
        />
      )}
      {asking.value !== undefined && (
        <Question
          files={files}
          asking={asking.value}
          folder={folder}
          onSelect={(path) => {
            selected.value = path;
          }}
          onClose={() => {
            const { value } = asking;
            asking.value = undefined;
            if (value?.what === 'replace') value.answer(false);
          }}
        />
      )}
    </section>
  );
}

function Problem({ files }: { files: NodeFiles }) {
  const problem = files.problem.value;
  if (problem === undefined) {
    return files.listing.value === undefined ? <p class="files-note">Reading the home folder …</p> : null;
  }
  return (
    <p class="files-note file-problem" role="alert">
      {problem.message} {problem.next}
    </p>
  );
}

function Nothing(props: { files: NodeFiles; onNew: () => void; onUpload: () => void }) {
  return (
    <div class="files-nothing">
      <p>
        Stack files, configurations and scripts in the home folder of <strong>{props.files.node}</strong>. Choose one,
        make one, or drop one here.
      </p>
      <div class="files-nothing-buttons">
        <button type="button" class="primary" onClick={props.onNew}>
          <Icon name="newFile" /> New file …
        </button>
        <button type="button" onClick={props.onUpload}>
          <Icon name="upload" /> Upload …
        </button>
      </div>
    </div>
  );
}

interface QuestionProps {
  files: NodeFiles;
  asking: Asking;
  folder: string;
  onSelect: (path: string) => void;
  onClose: () => void;
}

/** The dialog of what is asked. */
function Question({ files, asking, folder, onSelect, onClose }: QuestionProps) {
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

function focusTree(place: HTMLElement | null): void {
  const line = place?.querySelector<HTMLElement>('[role=treeitem][tabindex="0"]');
  (line ?? place?.querySelector<HTMLElement>('button'))?.focus();
}
