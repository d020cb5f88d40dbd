import type { FastifyInstance } from 'fastify';
import type { PublicAddress } from './origin.ts';

/**
 * Sends with every answer what keeps a page of ours from being framed, from loading or telling anything elsewhere, and from running
 * a script that did not come from here.
 */
export function addSecurityHeaders(server: FastifyInstance, options: { address: PublicAddress; tls: boolean }): void {
  // CSP has no notation for IPv6 hosts; 'self' covers them.
  const sockets = [...options.address.origins]
    .filter((origin) => !origin.includes('['))
    .map((origin) => origin.replace(/^http/, 'ws'));
  const policy = [
    "default-src 'none'",
    "script-src 'self'",
    // xterm.js writes its colours and cell sizes into <style> elements of its own.
    "style-src 'self' 'unsafe-inline'",
    "img-src 'self' data:",
    "font-src 'self'",
    // Named for browsers that do not take 'self' to include WebSockets.
    `connect-src 'self' ${sockets.join(' ')}`,
    "form-action 'none'",
    "frame-ancestors 'none'",
    "base-uri 'none'",
  ].join('; ');
  server.addHook('onRequest', async (_request, reply) => {
    reply.headers({
      'content-security-policy': policy,
      'cross-origin-opener-policy': 'same-origin',
      'cross-origin-resource-policy': 'same-origin',
      'permissions-policy': 'camera=(), microphone=(), geolocation=(), usb=()',
      'referrer-policy': 'no-referrer',
      'x-content-type-options': 'nosniff',
      'x-frame-options': 'DENY',
      ...(options.tls && { 'strict-transport-security': 'max-age=31536000' }),
    });
  });
}
