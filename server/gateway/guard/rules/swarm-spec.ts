import type { z } from 'zod';
import type { swarmSpecRequest } from '../../../orchestrator/api/request/swarm-spec.ts';
import { notAllowed } from '../refusal.ts';
import { checkLogDriver } from './log-driver.ts';

/** Refuses a swarm that would have its certificates signed elsewhere, or log by a driver that is not allowed. */
export function checkSwarmSpec(spec: z.infer<typeof swarmSpecRequest>): void {
  if ((spec?.CAConfig?.ExternalCAs?.length ?? 0) > 0) {
    throw notAllowed('an external CA', "the swarm's own certificate authority signs for every node");
  }
  const driver = spec?.TaskDefaults?.LogDriver;
  checkLogDriver(driver?.Name, driver?.Options);
}
