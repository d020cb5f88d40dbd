import type { Lab, LabStep } from '../lab.ts';
import { expandText } from '../template.ts';
import { drawVariables } from '../variables.ts';
import type { Smell } from './smell.ts';

/** The images that lie on the nodes; each also under the name of the lab's registry. */
const IMAGES = ['nginx:latest', 'nginx:1.26', 'alpine:latest', 'alpine:3.20'];

/** Flags of `docker run` and `docker service create` that take no value. */
const SWITCHES = new Set([
  '--detach',
  '--init',
  '--interactive',
  '--no-healthcheck',
  '--no-resolve-image',
  '--privileged',
  '--quiet',
  '--read-only',
  '--rm',
  '--tty',
  '--with-registry-auth',
]);

/** The image that a `docker run`, `docker create` or `docker service create` names; undefined where it cannot be told. */
export function imageIn(command: string): string | undefined {
  const words = command.replace(/\\\n/g, ' ').match(/(?:[^\s'"]+|'[^']*'|"[^"]*")+/g) ?? [];
  const start = words.findIndex(
    (word, index) => word === 'docker' && /^(run|create|service|container)$/.test(words[index + 1] ?? ''),
  );
  if (start < 0) return undefined;
  const subcommands = words.slice(start + 1, start + 3);
  const long = ['service', 'container'].includes(subcommands[0] ?? '');
  if (long && !['create', 'run'].includes(subcommands[1] ?? '')) return undefined;
  for (let at = start + (long ? 3 : 2); at < words.length; at++) {
    const word = words[at] ?? '';
    if (!word.startsWith('-')) return word.replace(/^['"]|['"]$/g, '');
    const isSwitch = SWITCHES.has(word) || /^-[ditq]+$/.test(word);
    if (!isSwitch && !word.includes('=')) at++;
  }
  return undefined;
}

export const missingImage: Smell = {
  rule: 'missing-image',
  about: 'an image that no node has, where the step does not ask for that error',
  find(lab, tell) {
    const variables = drawVariables(lab.vars, 'example');
    const made = namesMade(lab);
    for (const step of lab.steps) {
      if (wantsMissing(step)) continue;
      for (const block of step.blocks) {
        if (block.kind !== 'shell' || block.role === 'wrong') continue;
        for (const line of expandText(block.script, variables).replace(/\\\n/g, ' ').split('\n')) {
          const image = imageIn(line);
          if (image !== undefined && !/[$`{]/.test(image) && !isThere(image) && !made.has(image))
            tell(
              block.position,
              `no node has the image \`${image}\``,
              `one of ${IMAGES.join(', ')}, or these below registry.docker-dca.example:5000/`,
            );
        }
      }
    }
  },
};

const wantsMissing = (step: LabStep) => JSON.stringify(step.blocks).includes('No such image');

/** The names that the lab's own commands give to images. */
function namesMade(lab: Lab): ReadonlySet<string> {
  const scripts = lab.steps.flatMap(({ blocks }) =>
    blocks.flatMap((block) => (block.kind === 'shell' && block.role !== 'wrong' ? [block.script] : [])),
  );
  const naming = /\bdocker\s+(?:(?:image\s+)?tag\s+\S+|(?:image\s+)?build\b.*?\s(?:-t|--tag)[\s=])\s*(\S+)/g;
  return new Set(scripts.flatMap((script) => [...script.matchAll(naming)].map((match) => match[1] ?? '')));
}

/** Whether the nodes of a cluster begin with this image. */
export function isThere(image: string): boolean {
  const name = image.replace(/^registry\.docker-dca\.example:5000\//, '').replace(/^docker\.io\/library\//, '');
  return IMAGES.includes(name.includes(':') ? name : `${name}:latest`);
}
