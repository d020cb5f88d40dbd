import { goBytes, goMap, goString, goStruct } from './go-json.ts';

const driver = goStruct('swarm.Driver', { Name: goString(), Options: goMap(goString()) });
const EMBEDDED = { Name: 'Annotations', Labels: 'Annotations' };

/** The body of POST /secrets/create and /secrets/ID/update. */
export const secretSpecRequest = goStruct(
  'swarm.SecretSpec',
  { Name: goString(), Labels: goMap(goString()), Data: goBytes(), Driver: driver, Templating: driver },
  EMBEDDED,
);

/** The body of POST /configs/create and /configs/ID/update. */
export const configSpecRequest = goStruct(
  'swarm.ConfigSpec',
  { Name: goString(), Labels: goMap(goString()), Data: goBytes(), Templating: driver },
  EMBEDDED,
);
