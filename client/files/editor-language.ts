import { yaml } from '@codemirror/lang-yaml';
import { StreamLanguage } from '@codemirror/language';
import { dockerFile } from '@codemirror/legacy-modes/mode/dockerfile';
import { json } from '@codemirror/legacy-modes/mode/javascript';
import { nginx } from '@codemirror/legacy-modes/mode/nginx';
import { shell } from '@codemirror/legacy-modes/mode/shell';
import { linter } from '@codemirror/lint';
import type { Extension } from '@codemirror/state';
import { yamlProblems } from './yaml-problems.ts';

/** The language of a file by its name: what students write for Swarm. */
export function languageOf(path: string): Extension {
  const name = path.slice(path.lastIndexOf('/') + 1).toLowerCase();
  if (/\.ya?ml$/.test(name)) return [yaml(), linter((view) => yamlProblems(view.state.doc.toString()))];
  if (/^(docker|container)file/.test(name)) return StreamLanguage.define(dockerFile);
  if (/\.json$/.test(name)) return StreamLanguage.define(json);
  if (/\.conf$/.test(name)) return StreamLanguage.define(nginx);
  if (/\.(sh|bash|env)$|^\.(bash|profile)/.test(name)) return StreamLanguage.define(shell);
  return [];
}
