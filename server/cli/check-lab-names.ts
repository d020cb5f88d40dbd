import { SwarmlabError } from '../errors/swarmlab-error.ts';
import type { Lab } from '../labs/lab.ts';
import { describeChoices } from '../labs/suggestion.ts';

/** Throws SL_USAGE for a `--step` or `--variant` that the lab does not have; without them everything is meant. */
export function checkLabNames(lab: Lab, call: { step?: string | undefined; variant?: string | undefined }): void {
  const steps = lab.steps.map((step) => step.id);
  if (call.step !== undefined && !steps.includes(call.step)) throw notThere(lab, 'step', call.step, steps);
  const variants = Object.keys(lab.variants);
  if (call.variant !== undefined && !variants.includes(call.variant))
    throw notThere(lab, 'variant', call.variant, variants);
}

function notThere(lab: Lab, what: string, given: string, known: readonly string[]): SwarmlabError {
  return new SwarmlabError('SL_USAGE', `the lab ${lab.name} has no ${what} \`${given}\``, {
    next: known.length === 0 ? `It has no ${what}s.` : `There is ${describeChoices(given, known)}.`,
  });
}
