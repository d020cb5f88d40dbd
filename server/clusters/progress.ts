/** Tells what is being done: a step begins. `total` is how many there are, as far as known. */
export type Progress = (text: string) => void;

/** Runs a step and tells about it, with its time in seconds once it is done. */
export async function step<T>(progress: Progress, text: string, work: () => Promise<T>): Promise<T> {
  const began = performance.now();
  progress(`${text} ...`);
  const result = await work();
  progress(`${text}: done in ${((performance.now() - began) / 1000).toFixed(1)} s`);
  return result;
}
