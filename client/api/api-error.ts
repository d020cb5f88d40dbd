import { z } from 'zod';

const problem = z.object({ code: z.string(), message: z.string(), next: z.string().optional() });

/** What the server said when it could not do what was asked; `code` is one of its catalogue, or SL_OFFLINE. */
export class ApiError extends Error {
  readonly code: string;
  readonly next: string | undefined;

  constructor(code: string, message: string, next?: string) {
    super(message);
    this.name = 'ApiError';
    this.code = code;
    this.next = next;
  }

  /** The error that an answer of the server tells about. */
  static async from(response: Response): Promise<ApiError> {
    const parsed = problem.safeParse(await response.json().catch(() => undefined));
    if (!parsed.success) return new ApiError('SL_INTERNAL', `The server answered ${response.status}.`);
    return new ApiError(parsed.data.code, parsed.data.message, parsed.data.next);
  }
}
