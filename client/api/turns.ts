/** Does one thing after the other: requests on several connections would overtake each other. */
export class Turns {
  #last: Promise<unknown> = Promise.resolve();

  /** Does it when everything before is done, however that ended. */
  take<Result>(work: () => Promise<Result>): Promise<Result> {
    const result = this.#last.then(work, work);
    this.#last = result.catch(() => undefined);
    return result;
  }
}
