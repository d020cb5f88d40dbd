import { z } from 'zod';
import { SwarmlabError } from '../errors/swarmlab-error.ts';
import { isLoopback } from '../http/origin.ts';
import { parseCall } from './parse-call.ts';

const list = z.string().transform((text) => text.split(',').map((part) => part.trim()));

const options = z.object({
  nodes: z.enum(['auto', 'dind', 'embedded']),
  orchestrator: z.enum(['builtin', 'swarm']),
  port: z.coerce.number().int().min(1).max(65_535),
  host: z.string().min(1),
  tls: list
    .refine((parts) => parts.length === 2, '--tls is two files: the certificate, a comma, its key')
    .transform(([cert = '', key = '']) => ({ cert, key }))
    .optional(),
  publicUrl: z.url({ protocol: /^https?$/ }).optional(),
  trustedProxy: list.default([]),
  labs: z.string().optional(),
});

export type ServeOptions = z.infer<typeof options>;

/**
 * Reads the options of `serve`. Throws SL_USAGE for a server that other machines could reach without encryption: sessions and everything
 * typed would be readable on the way, and browsers give the clipboard only to secure pages.
 */
export function parseServeOptions(given: unknown): ServeOptions {
  const parsed = parseCall(options, given);
  if (!isLoopback(parsed.host) && parsed.tls === undefined && parsed.publicUrl === undefined) {
    throw new SwarmlabError('SL_USAGE', `--host ${parsed.host} lets other machines in, without encryption`, {
      next: 'Add --tls CERT,KEY, or put a proxy before it and name it with --public-url.',
    });
  }
  return parsed;
}
