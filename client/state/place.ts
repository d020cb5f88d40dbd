import { signal } from '@preact/signals';

export type Place = { page: 'home'; signInFailed: boolean } | { page: 'workspace'; id: string };

/** Where in the page the user is; follows the address bar. */
export const place = signal<Place>(read());

addEventListener('popstate', () => {
  place.value = read();
});

/** Shows the list of labs; the browser's Back leads to where the page was. */
export function goHome(): void {
  history.pushState(undefined, '', '/');
  place.value = read();
}

/** Shows a workspace; the browser's Back leads to where the page was. */
export function goToWorkspace(id: string): void {
  history.pushState(undefined, '', `/labs/${id}`);
  place.value = read();
}

function read(): Place {
  const workspace = /^\/labs\/([a-z0-9]{1,40})$/.exec(location.pathname)?.[1];
  if (workspace !== undefined) return { page: 'workspace', id: workspace };
  return { page: 'home', signInFailed: new URLSearchParams(location.search).get('sign-in') === 'failed' };
}
