import { goMap, goString, goStruct } from '../../../orchestrator/api/request/go-json.ts';

/** Body of POST /auth, and what X-Registry-Auth carries. */
export const registryAuth = goStruct('registry.AuthConfig', {
  username: goString(),
  password: goString(),
  auth: goString(),
  email: goString(),
  serveraddress: goString(),
  identitytoken: goString(),
  registrytoken: goString(),
});

/** What X-Registry-Config carries: who one is at each registry. */
export const registryConfig = goMap(registryAuth);
