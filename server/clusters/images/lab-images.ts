import type Docker from 'dockerode';
import { LAB_REGISTRY } from '../node-plan.ts';
import { buildImage, hasImage } from './build-image.ts';
import { contentHash, readRecipe } from './image-recipe.ts';
import { pullImage } from './pull-image.ts';

/** An image on the outer engine, and what it is called on the nodes. */
export interface LabImage {
  readonly source: string;
  readonly names: readonly string[];
}

const VERSIONS = { nginx: ['latest', '1.26'], alpine: ['latest', '3.20'] } as const;
type LabImageName = keyof typeof VERSIONS;
const NAMES: readonly LabImageName[] = ['nginx', 'alpine'];

/** Changes whenever the Dockerfiles or files of the lab images do. */
export function labRecipeHash(): string {
  return readRecipe('lab').hash;
}

const PULLED = 'pulled.Dockerfile';
const FROM_PACKAGES = 'debian.Dockerfile';

/** What an image is called on the outer engine until it is in the node image. */
function sourceTag(image: LabImageName, dockerfile: string, version: string): string {
  return `swarmlab-${image}:${contentHash(labRecipeHash(), dockerfile, version)}`;
}

/** Every name that the lab's images may have on the outer engine by the current recipe. */
export function labImageSources(): string[] {
  return NAMES.flatMap((image) => [
    sourceTag(image, FROM_PACKAGES, 'latest'),
    ...VERSIONS[image].map((version) => sourceTag(image, PULLED, version)),
  ]);
}

/** What the cluster's registry has when it is turned on. */
export function registryImageNames(): string[] {
  return NAMES.flatMap((image) => VERSIONS[image].map((version) => `${LAB_REGISTRY}/${image}:${version}`));
}

/** Every name the lab's images have on a node: with the lab's registry in front, and without. */
function labImageNames(image: LabImageName, version: string): string[] {
  return [`${LAB_REGISTRY}/${image}:${version}`, `${image}:${version}`];
}

/**
 * Makes the lab's images: those of the public registry where it answers, else of Debian's packages. `base` is the Debian image
 * that the packages are unpacked in.
 */
export async function buildLabImages(engine: Docker, base: string): Promise<LabImage[]> {
  const recipe = readRecipe('lab');
  const pulled = await pullAll(engine);
  const built: LabImage[] = [];
  for (const image of NAMES) {
    for (const version of pulled ? VERSIONS[image] : ['latest']) {
      const how = pulled
        ? { dockerfile: PULLED, arguments: { [image.toUpperCase()]: `${image}:${version}` } }
        : { dockerfile: FROM_PACKAGES, arguments: { BASE: base } };
      const source = sourceTag(image, how.dockerfile, version);
      if (!(await hasImage(engine, source))) {
        await buildImage(engine, recipe.context, { ...how, tag: source, target: image });
      }
      const versions = pulled ? [version] : VERSIONS[image];
      built.push({ source, names: versions.flatMap((each) => labImageNames(image, each)) });
    }
  }
  return built;
}

/** Whether the public registry gave all of them. */
async function pullAll(engine: Docker): Promise<boolean> {
  for (const image of NAMES) {
    for (const version of VERSIONS[image])
      if (!(await pullImage(engine, `docker.io/library/${image}:${version}`))) return false;
  }
  return true;
}
