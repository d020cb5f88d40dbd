import { z } from 'zod';
import { parseDuration } from './duration.ts';

const node = z.string().min(1);
const nodes = z.union([node.transform((name) => [name]), z.array(node).min(1)]);

const duration = z.string().refine((text) => parseDuration(text) !== undefined || text.includes('{{'), {
  error: 'expected a duration such as 500ms, 30s or 1m30s',
});

/** Something that is broken on purpose, when the student comes to the step. */
export const faultSchema = z.union([
  z.strictObject({ stop: node.describe('Switch this node off.') }),
  z.strictObject({ start: node.describe('Switch it on again.') }),
  z.strictObject({ disconnect: node.describe('Pull its network cable.') }),
  z.strictObject({ connect: node.describe('Plug it in again.') }),
  z.strictObject({
    'remove-image': z.string().min(1).describe('Take this image away ...'),
    from: nodes.describe('... from these nodes.'),
  }),
  z.strictObject({
    'slow-pull': duration.describe('Let every pull of an image take this long (`0s`: no longer than usual) ...'),
    on: nodes.describe('... on these nodes. Simulated nodes of `grade` and `prove` only.'),
  }),
  z.strictObject({ 'full-disk': node.describe("Fill this node's disk. Simulated nodes of `grade` and `prove` only.") }),
  z.strictObject({ 'free-disk': node.describe('Make room on it again.') }),
  z.strictObject({
    crash: z.string().min(1).describe('Let the tasks of this service crash ...'),
    every: duration.describe(
      '... each about this long after it has started (`0s`: no more). Simulated nodes of `grade` and `prove` only.',
    ),
  }),
  z.strictObject({
    run: z.string().min(1).describe('A script that the student does not see ...'),
    on: node.describe('... run on this node.'),
  }),
]);

export type Fault = z.infer<typeof faultSchema>;
export const faultsSchema = z.array(faultSchema).min(1);
