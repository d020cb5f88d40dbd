import type { PathParameters } from '../http/path-pattern.ts';
import { Refusal } from './refusal.ts';

/**
 * Writes a path from its pattern and what stands for the placeholders. Refuses what a reader might take for another path: dots that
 * lead upwards, slashes where there are none, control characters.
 */
export function formatPath(pattern: string, parameters: PathParameters): string {
  return pattern.replace(/\{(\w+)(\*?)\}/g, (_, name: string, many: string) => {
    const value = parameters[name] ?? '';
    const segments = many === '' ? [value] : value.split('/');
    return segments.map(checkSegment).map(encodeURIComponent).join('/');
  });
}

function checkSegment(segment: string): string {
  const wrong = segment === '' || segment === '.' || segment === '..' || segment.includes('/');
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what must not be there.
  if (wrong || /[\u0000-\u001f\u007f]/.test(segment)) throw new Refusal(400, `invalid reference format: "${segment}"`);
  return segment;
}
