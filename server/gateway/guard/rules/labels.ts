import { notAllowed } from '../refusal.ts';

/** By these labels the node's agent knows the containers and networks of tasks, which it removes and changes as it sees fit. */
const RESERVED = /^(?:swarmlab\.|com\.docker\.swarm\.)/i;

/** Refuses labels that would make something pass for the swarm's own. */
export function checkLabels(labels: Readonly<Record<string, string>> | undefined): void {
  for (const label of Object.keys(labels ?? {})) {
    if (RESERVED.test(label))
      throw notAllowed(`the label ${label}`, 'it marks what belongs to the swarm; choose another name');
  }
}
