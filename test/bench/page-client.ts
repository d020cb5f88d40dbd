import { WebSocket } from 'ws';
import type { z } from 'zod';
import type { Served } from '../e2e/support/served.ts';

/** Asks a served page's server as the page itself does, without a browser. */
export class PageClient {
  readonly #origin: string;
  readonly #headers: { cookie: string; origin: string };

  private constructor(origin: string, cookie: string) {
    this.#origin = origin;
    this.#headers = { cookie, origin };
  }

  /** Signs in by the link that the server printed. */
  static async signIn(served: Served): Promise<PageClient> {
    const signedIn = await fetch(served.signInLink, { redirect: 'manual' });
    return new PageClient(served.origin, signedIn.headers.getSetCookie()[0]?.split(';')[0] ?? '');
  }

  /** POST below /api/workspaces. */
  async post<Answer>(schema: z.ZodType<Answer>, path: string, body?: object): Promise<Answer> {
    const answer = await fetch(`${this.#origin}/api/workspaces${path}`, {
      method: 'POST',
      headers: { ...this.#headers, ...(body && { 'content-type': 'application/json' }) },
      ...(body && { body: JSON.stringify(body) }),
    });
    if (!answer.ok) throw new Error(`POST ${path}: ${await answer.text()}`);
    return schema.parse(await answer.json());
  }

  /** Opens a WebSocket; what comes before it is listened to is lost unless `listen` takes it. */
  async socket(path: string, protocols: string[], listen?: (data: WebSocket.RawData) => void): Promise<WebSocket> {
    const socket = new WebSocket(`${this.#origin.replace('http', 'ws')}${path}`, protocols, { headers: this.#headers });
    if (listen !== undefined) socket.on('message', listen);
    await new Promise((resolve, reject) => {
      socket.on('open', resolve);
      socket.on('error', reject);
    });
    return socket;
  }
}
