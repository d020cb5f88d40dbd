import { z } from 'zod';
import { compareVersions } from './api-version.ts';

/** Since this version clients look images up at their registry by themselves. */
const CLIENTS_PIN = '1.30';

const withImage = z.object({ TaskTemplate: z.object({ ContainerSpec: z.object({ Image: z.string().min(1) }) }) });

/**
 * The answer to a service's create or update. For clients before API 1.30 the daemon itself would look the image up and record its
 * digest; here it does not, and warns as a daemon does that could not.
 */
export function withDigestWarning<T extends object>(answer: T, version: string, body: unknown): T {
  if (compareVersions(version, CLIENTS_PIN) >= 0) return answer;
  const asked = withImage.safeParse(body);
  const image = asked.success ? asked.data.TaskTemplate.ContainerSpec.Image : '';
  if (image === '' || image.includes('@')) return answer;
  const lines = [
    `image ${image} could not be accessed on a registry to record`,
    `its digest. Each node will access ${image} independently,`,
    'possibly leading to different nodes running different',
    'versions of the image.\n',
  ];
  return { ...answer, Warnings: [lines.join('\n')] };
}
