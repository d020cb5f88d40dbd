/** gRPC's codes, as SwarmKit uses them. */
export type GrpcCode =
  | 'Unknown'
  | 'InvalidArgument'
  | 'NotFound'
  | 'AlreadyExists'
  | 'PermissionDenied'
  | 'FailedPrecondition'
  | 'OutOfRange'
  | 'Unauthenticated'
  | 'Unimplemented'
  | 'Unavailable'
  | 'DeadlineExceeded';

const HTTP_STATUS: Record<GrpcCode, number> = {
  Unknown: 500,
  InvalidArgument: 400,
  NotFound: 404,
  AlreadyExists: 409,
  PermissionDenied: 403,
  FailedPrecondition: 400,
  OutOfRange: 400,
  Unauthenticated: 401,
  Unimplemented: 501,
  Unavailable: 503,
  DeadlineExceeded: 500,
};

/**
 * A refusal of the control API: an HTTP status and the text that the docker client shows behind "Error response from daemon: ".
 */
export class ControlError extends Error {
  readonly status: number;

  constructor(status: number, message: string) {
    super(message);
    this.name = 'ControlError';
    this.status = status;
  }

  /** An error of the manager itself: `rpc error: code = <code> desc = <description>`, with the status Docker maps the code to. */
  static rpc(code: GrpcCode, description: string): ControlError {
    return new ControlError(HTTP_STATUS[code], `rpc error: code = ${code} desc = ${description}`);
  }
}
