import type { FastifyError, FastifyInstance } from 'fastify';
import { ZodError, z } from 'zod';
import type { ErrorCode } from '../errors/catalogue.ts';
import { isDiskFull } from '../errors/disk-full.ts';
import { SwarmlabError } from '../errors/swarmlab-error.ts';

/** The HTTP status of errors that are not the server's own fault; all others are 500. */
const STATUS: Partial<Record<ErrorCode, number>> = {
  SL_USAGE: 400,
  SL_NOT_SIGNED_IN: 401,
  SL_FORBIDDEN: 403,
  SL_LAB_NOT_FOUND: 404,
  SL_WORKSPACE_NOT_FOUND: 404,
  SL_CLUSTER_NOT_FOUND: 404,
  SL_NODE_NOT_FOUND: 404,
  SL_STEP_NOT_FOUND: 404,
  SL_TERMINAL_NOT_FOUND: 404,
  SL_FILE_NOT_FOUND: 404,
  SL_FILE_REFUSED: 409,
  SL_FILE_CHANGED: 409,
  SL_FILE_EXISTS: 409,
  SL_FILE_TOO_LARGE: 413,
  SL_TERMINAL_LIMIT: 409,
  SL_WORKSPACE_BUSY: 409,
  SL_TOO_MANY_REQUESTS: 429,
  SL_NOT_SUPPORTED: 501,
  SL_ENGINE_UNREACHABLE: 503,
  SL_HOST_UNREACHABLE: 503,
  SL_DISK_FULL: 507,
};

/** What an error answer's body holds. */
export interface ErrorBody {
  code: ErrorCode;
  message: string;
  next?: string;
}

/** The status and body for anything thrown while a request was answered. What is unexpected is not described to the outside. */
function errorAnswer(error: unknown): { status: number; body: ErrorBody } {
  if (error instanceof SwarmlabError) {
    const { code, message, next } = error;
    return { status: STATUS[code] ?? 500, body: { code, message, next } };
  }
  if (isDiskFull(error)) return errorAnswer(new SwarmlabError('SL_DISK_FULL', 'the disk of the server is full'));
  if (error instanceof ZodError) return { status: 400, body: { code: 'SL_USAGE', message: z.prettifyError(error) } };
  const status = isFastifyError(error) ? (error.statusCode ?? 500) : 500;
  if (status === 413) {
    return { status, body: { code: 'SL_FILE_TOO_LARGE', message: 'that is more than the server takes at once' } };
  }
  if (status < 500 && error instanceof Error) return { status, body: { code: 'SL_USAGE', message: error.message } };
  return {
    status: 500,
    body: { code: 'SL_INTERNAL', message: 'something went wrong in the server; its log tells more' },
  };
}

/** Answers every error as JSON, and routes that are not there as 404. */
export function addErrorAnswers(server: FastifyInstance): void {
  server.setErrorHandler((error, request, reply) => {
    const { status, body } = errorAnswer(error);
    if (status >= 500) request.log.error(error);
    return reply.code(status).send(body);
  });
  server.setNotFoundHandler((request, reply) =>
    reply
      .code(404)
      .send({ code: 'SL_USAGE', message: `${request.method} of this path is not possible` } satisfies ErrorBody),
  );
}

function isFastifyError(error: unknown): error is FastifyError {
  return error instanceof Error && 'statusCode' in error && typeof error.statusCode === 'number';
}
