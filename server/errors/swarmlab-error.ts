import { CATALOGUE, type ErrorCode } from './catalogue.ts';

/**
 * A mistake or misfortune that a user is told about: a code from the catalogue, what happened, and what to do next.
 * `exitCode` is what a command ends with (1 failed, 2 the call or the lab is wrong, 3 the infrastructure failed).
 */
export class SwarmlabError extends Error {
  readonly code: ErrorCode;
  readonly next: string;
  readonly exitCode: 1 | 2 | 3;

  constructor(code: ErrorCode, message: string, options: { next?: string; cause?: unknown } = {}) {
    super(message, { cause: options.cause });
    this.name = 'SwarmlabError';
    this.code = code;
    this.exitCode = CATALOGUE[code].exitCode;
    this.next = options.next ?? CATALOGUE[code].next;
  }
}
