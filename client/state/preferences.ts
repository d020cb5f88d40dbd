import { computed, effect, signal } from '@preact/signals';
import { z } from 'zod';

const KEY = 'swarmlab-preferences';

const preferences = z.object({
  theme: z.enum(['system', 'light', 'dark']).default('system'),
  /** The language of labs; the browser's own when it was never chosen. */
  language: z.string().optional(),
  screenReader: z.boolean().default(false),
  copyOnSelect: z.boolean().default(true),
  fontSize: z.number().int().min(9).max(28).default(13),
  /** Terminals are dark on a light page too, unless they are told to follow it. */
  terminalFollowsPage: z.boolean().default(false),
  /** Shares of the panes, in percent. */
  labShare: z.number().min(20).max(70).default(35),
  clusterShare: z.number().min(12).max(75).default(34),
  clusterShown: z.boolean().default(true),
  split: z.boolean().default(false),
});
export type Preferences = z.infer<typeof preferences>;

/** What this browser's user likes; kept in the browser. */
export const prefs = signal<Preferences>(load());

/** Changes one preference, at once and for the next visit. */
export function setPreference<Key extends keyof Preferences>(key: Key, value: Preferences[Key]): void {
  prefs.value = { ...prefs.peek(), [key]: value };
}

function load(): Preferences {
  try {
    return preferences.parse(JSON.parse(localStorage.getItem(KEY) ?? '{}'));
  } catch {
    return preferences.parse({});
  }
}

const darkSystem = matchMedia('(prefers-color-scheme: dark)');
const systemIsDark = signal(darkSystem.matches);
darkSystem.addEventListener('change', (event) => {
  systemIsDark.value = event.matches;
});

/** Whether the page is dark now: what was chosen, else what the system says. */
export const isDark = signal(false);

effect(() => {
  const { theme } = prefs.value;
  isDark.value = theme === 'system' ? systemIsDark.value : theme === 'dark';
  document.documentElement.dataset.theme = isDark.value ? 'dark' : 'light';
});

/** Whether terminals are dark now. */
export const isTerminalDark = computed(() => isDark.value || !prefs.value.terminalFollowsPage);

effect(() => {
  try {
    localStorage.setItem(KEY, JSON.stringify(prefs.value));
  } catch {
    // Storage may be full or forbidden; preferences then last as long as the page.
  }
});
