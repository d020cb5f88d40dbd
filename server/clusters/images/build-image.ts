import { Readable } from 'node:stream';
import type Docker from 'dockerode';
import { z } from 'zod';
import { SwarmlabError } from '../../errors/swarmlab-error.ts';
import { asEngineFailure, unlessMissing } from '../outer-engine.ts';

const buildMessage = z.object({ stream: z.string().optional(), error: z.string().optional() });

/** How much of a failed build's output is told. */
const TOLD_LINES = 12;

export interface BuildOptions {
  tag: string;
  dockerfile: string;
  target?: string;
  arguments: Record<string, string>;
  /** Of the image, for everybody to see who inspects it. */
  labels?: Record<string, string>;
}

/** Builds an image with the engine's own builder. Rejects with SL_ENGINE_FAILED and the end of the build's output. */
export async function buildImage(engine: Docker, context: Buffer, options: BuildOptions): Promise<void> {
  const output: string[] = [];
  let failure: string | undefined;
  try {
    const answer = await engine.buildImage(Readable.from([context]), {
      t: options.tag,
      dockerfile: options.dockerfile,
      ...(options.target !== undefined && { target: options.target }),
      buildargs: { ...proxyArguments(), ...options.arguments },
      labels: options.labels ?? {},
      rm: true,
      forcerm: true,
    });
    await new Promise<void>((resolve, reject) => {
      engine.modem.followProgress(
        answer,
        (error) => (error ? reject(error) : resolve()),
        (event: unknown) => {
          const message = buildMessage.safeParse(event);
          if (!message.success) return;
          output.push(message.data.stream ?? '');
          failure ??= message.data.error;
        },
      );
    });
  } catch (error) {
    failure ??= asEngineFailure(error, 'building').message;
  }
  if (failure === undefined) return;
  const end = output.join('').trimEnd().split('\n').slice(-TOLD_LINES);
  throw new SwarmlabError('SL_ENGINE_FAILED', [`building ${options.tag} failed: ${failure}`, ...end].join('\n  | '), {
    next: 'Building an image needs the Debian mirror; check the network and run the command again.',
  });
}

/** Whether the engine has an image of that reference. */
export async function hasImage(engine: Docker, reference: string): Promise<boolean> {
  return (await unlessMissing(engine.getImage(reference).inspect())) !== undefined;
}

function proxyArguments(): Record<string, string> {
  const names = ['http_proxy', 'https_proxy', 'no_proxy', 'HTTP_PROXY', 'HTTPS_PROXY', 'NO_PROXY'];
  return Object.fromEntries(names.flatMap((name) => (process.env[name] ? [[name, process.env[name]]] : [])));
}
