import type { HttpCase } from '../http-case.ts';
import { bodyCases } from './bodies.ts';
import { commonCases } from './common.ts';
import { listCases } from './lists.ts';
import { objectCases } from './objects.ts';
import { roleCases } from './roles.ts';
import { systemCases } from './system.ts';

/** All requests of the comparison, in the order in which they are asked. */
export const ALL_CASES: Readonly<Record<string, HttpCase[]>> = {
  common: commonCases,
  lists: listCases,
  system: systemCases,
  objects: objectCases,
  bodies: bodyCases,
  roles: roleCases,
};
