import { z } from 'zod';

const seen = z.object({
  /** The shell in front. */
  shell: z.string().optional(),
  step: z.number().int().optional(),
  /** Whether the student was typing into a shell. */
  typing: z.boolean().default(false),
});
export type Seen = z.infer<typeof seen>;

/** Where the student was in a workspace when this tab of the browser was last reloaded. */
export function whereWasI(workspace: string): Seen {
  try {
    return seen.parse(JSON.parse(sessionStorage.getItem(keyOf(workspace)) ?? '{}'));
  } catch {
    return seen.parse({});
  }
}

/** Writes down where the student is, when the page goes. Gives what stops that. */
export function rememberPlace(workspace: string, place: () => Seen): () => void {
  const write = () => {
    try {
      sessionStorage.setItem(keyOf(workspace), JSON.stringify(place()));
    } catch {
      // Storage may be forbidden; the page then begins where the lab goes on.
    }
  };
  addEventListener('pagehide', write);
  return () => removeEventListener('pagehide', write);
}

function keyOf(workspace: string): string {
  return `swarmlab-place-${workspace}`;
}
