import type Docker from 'dockerode';
import { OWNER_LABELS } from '../labels.ts';
import type { Progress } from '../progress.ts';
import { step } from '../progress.ts';
import { ensureBaseImage, MADE_BASE } from './base-image.ts';
import { buildImage, hasImage } from './build-image.ts';
import { contentHash, readRecipe } from './image-recipe.ts';
import { buildLabImages, labImageSources, labRecipeHash } from './lab-images.ts';
import { packImagesIntoNode } from './node-store.ts';

/** Counted up when the way the image is put together changes without any of its files changing. */
const GENERATION = '1';

/** The image of a node without any lab image in its engine. */
function plainTag(): string {
  return `swarmlab-node:${contentHash(GENERATION, readRecipe('node').hash)}`;
}

/** The node image's reference: its tag stands for everything that it is built from. */
export function nodeImageTag(): string {
  return `swarmlab-node:${contentHash(GENERATION, readRecipe('node').hash, labRecipeHash())}-images`;
}

/** Everything that the current recipes make, the steps on the way included: what is ours and not among these is of no use any more. */
export function currentImageTags(): string[] {
  return [MADE_BASE, plainTag(), nodeImageTag(), ...labImageSources()];
}

/**
 * The image that nodes are started from, with the lab's images in its own engine's store. Built when its inputs have changed
 * (some two minutes), otherwise merely looked for. Gives its reference.
 */
export async function ensureNodeImage(engine: Docker, progress: Progress): Promise<string> {
  const wanted = nodeImageTag();
  if (await hasImage(engine, wanted)) return wanted;
  const base = await ensureBaseImage(engine, progress);
  const plain = plainTag();
  if (!(await hasImage(engine, plain))) {
    await step(progress, 'building the node image', () =>
      buildImage(engine, readRecipe('node').context, {
        labels: OWNER_LABELS,
        tag: plain,
        dockerfile: 'Dockerfile',
        arguments: { BASE: base },
      }),
    );
  }
  const images = await step(progress, "making the lab's images", () => buildLabImages(engine, base));
  await step(progress, "putting the lab's images into the node image", () =>
    packImagesIntoNode(engine, { node: plain, images, tag: wanted }),
  );
  return wanted;
}
