import { ControlError } from './control-error.ts';

const DNS_COMPONENT = /^[a-zA-Z0-9]+(?:[-_]+[a-zA-Z0-9]+)*$/;
const SECRET_NAME = /^[a-zA-Z0-9]+(?:[a-zA-Z0-9\-_.]*[a-zA-Z0-9])?$/;
const LONGEST_NAME = 63;
const LONGEST_SECRET_NAME = 64;

/** Names of services and networks: something that can stand in a host name. Throws 400. */
export function validateName(name: string): void {
  if (name === '') throw ControlError.rpc('InvalidArgument', 'meta: name must be provided');
  if (!DNS_COMPONENT.test(name))
    throw ControlError.rpc('InvalidArgument', 'name must be valid as a DNS name component');
  if (name.length > LONGEST_NAME)
    throw ControlError.rpc('InvalidArgument', `name must be ${LONGEST_NAME} characters or fewer`);
}

/** Names of secrets and configs, which may have dots. Throws 400. */
export function validateSecretName(name: string): void {
  if (name === '') throw ControlError.rpc('InvalidArgument', 'name must be provided');
  if (name.length > LONGEST_SECRET_NAME || !SECRET_NAME.test(name))
    throw ControlError.rpc(
      'InvalidArgument',
      'invalid name, only 64 [a-zA-Z0-9-_.] characters allowed, and the start and end character must be [a-zA-Z0-9]',
    );
}
