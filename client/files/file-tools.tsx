import type { RefObject } from 'preact';
import { Icon } from '../ui/icon.tsx';

interface FileToolsProps {
  /** The file input, which other buttons open as well. */
  picker: RefObject<HTMLInputElement | null>;
  /** Where uploads go; empty for the home folder. */
  folder: string;
  /** Whether names that begin with a dot are shown. */
  hidden: boolean;
  onNew: (what: 'file' | 'folder') => void;
  onUpload: (files: FileList | null) => void;
  onHide: (hidden: boolean) => void;
}

/** The buttons above the tree of files. */
export function FileTools({ picker, folder, hidden, onNew, onUpload, onHide }: FileToolsProps) {
  return (
    <div class="files-tools">
      <button type="button" class="quiet" aria-label="New file" title="New file" onClick={() => onNew('file')}>
        <Icon name="newFile" />
      </button>
      <button type="button" class="quiet" aria-label="New folder" title="New folder" onClick={() => onNew('folder')}>
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
          onUpload(event.currentTarget.files);
          event.currentTarget.value = '';
        }}
      />
      <button
        type="button"
        class="quiet"
        aria-pressed={hidden}
        aria-label="Hidden files"
        title="Names that begin with a dot"
        onClick={() => onHide(!hidden)}
      >
        <Icon name="eye" />
      </button>
    </div>
  );
}
