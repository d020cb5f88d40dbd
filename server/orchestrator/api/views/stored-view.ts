import type { Stored } from '../../model/objects.ts';
import type { ApiObject } from '../control-api.ts';
import { goTime } from './time.ts';

/** The four fields every object of a swarm begins with. */
export function storedView(object: Stored): ApiObject {
  return {
    ID: object.ID,
    Version: { Index: object.Version.Index },
    CreatedAt: goTime(object.CreatedAt),
    UpdatedAt: goTime(object.UpdatedAt),
  };
}
