/** Thrown while grading for something that only the lab's author can set right: neither the student's failure nor the cluster's. */
export class LabMistake extends Error {
  constructor(message: string, options: { cause?: unknown } = {}) {
    super(message, options);
    this.name = 'LabMistake';
  }
}
