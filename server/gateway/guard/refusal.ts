/**
 * A request that the gateway does not pass on. `status` is 403 for what this lab does not allow, 400 for what cannot be read beyond
 * doubt. The message is what the CLI shows behind "Error response from daemon: ".
 */
export class Refusal extends Error {
  readonly status: number;

  constructor(status: number, message: string) {
    super(message);
    this.name = 'Refusal';
    this.status = status;
  }
}

/** A refusal of something by the lab's rules: what was asked, and why not or what to do instead. */
export function notAllowed(what: string, because: string): Refusal {
  return new Refusal(403, `swarmlab: ${what} is not allowed in this lab: ${because}`);
}

/** A refusal of something that two readers might read differently. */
export function unclear(what: string): Refusal {
  return new Refusal(400, `swarmlab: ${what}`);
}
