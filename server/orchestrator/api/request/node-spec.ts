import { goMap, goString, goStruct } from './go-json.ts';

/** The body of POST /nodes/ID/update. */
export const nodeSpecRequest = goStruct(
  'swarm.NodeSpec',
  {
    Name: goString(),
    Labels: goMap(goString()),
    Role: goString('swarm.NodeRole'),
    Availability: goString('swarm.NodeAvailability'),
  },
  { Name: 'Annotations', Labels: 'Annotations' },
);
