import { computed, signal } from '@preact/signals';
import { filesApi } from './files-api.ts';
import { NodeFiles } from './node-files.ts';

/** The files of a workspace, node by node; kept while the page is open, so that what is not saved is not lost on the way. */
export class WorkspaceFiles {
  readonly #workspace: string;
  readonly #nodes = signal<ReadonlyMap<string, NodeFiles>>(new Map());
  readonly dirty = computed(() => [...this.#nodes.value.values()].some((node) => node.dirty.value));

  constructor(workspace: string) {
    this.#workspace = workspace;
    addEventListener('beforeunload', this.#warn);
  }

  on(node: string): NodeFiles {
    const known = this.#nodes.peek().get(node);
    if (known !== undefined) return known;
    const files = new NodeFiles(node, filesApi(this.#workspace, node));
    this.#nodes.value = new Map(this.#nodes.peek()).set(node, files);
    return files;
  }

  dispose(): void {
    removeEventListener('beforeunload', this.#warn);
  }

  readonly #warn = (event: BeforeUnloadEvent) => {
    if (this.dirty.peek()) event.preventDefault();
  };
}
