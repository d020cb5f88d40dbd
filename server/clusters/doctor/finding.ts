/** What the doctor has found out about one thing. */
export interface Finding {
  /** What was looked at. */
  subject: string;
  /** `ok`; `limited`: something works less well or differently; `missing`: something does not work at all. */
  state: 'ok' | 'limited' | 'missing';
  /** What is there. */
  found: string;
  /** What follows from that; absent when all is well. */
  follows?: string;
  /** What would change it. */
  remedy?: string;
}
