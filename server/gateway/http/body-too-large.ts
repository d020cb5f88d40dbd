/** A request body that is longer than it may be. */
export class BodyTooLarge extends Error {
  readonly status = 413;

  constructor(limit: number) {
    super(`http: request body too large (more than ${limit / 1024 / 1024} MiB)`);
    this.name = 'BodyTooLarge';
  }
}
