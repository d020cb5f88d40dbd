import { z } from 'zod';

const node = z.string().min(1);
const nodes = z.union([node.transform((name) => [name]), z.array(node).min(1)]);

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
    run: z.string().min(1).describe('A script that the student does not see ...'),
    on: node.describe('... run on this node.'),
  }),
]);

export type Fault = z.infer<typeof faultSchema>;
export const faultsSchema = z.array(faultSchema).min(1);

/** A fault in words, for reports. */
export function describeFault(fault: Fault): string {
  if ('stop' in fault) return `${fault.stop} stopped`;
  if ('start' in fault) return `${fault.start} started`;
  if ('disconnect' in fault) return `${fault.disconnect} cut off`;
  if ('connect' in fault) return `${fault.connect} connected`;
  if ('remove-image' in fault) return `${fault['remove-image']} removed from ${fault.from.join(', ')}`;
  return `set up on ${fault.on}`;
}
