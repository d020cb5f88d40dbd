import { isDark, setPreference } from '../state/preferences.ts';
import { Icon } from './icon.tsx';

/** Switches between light and dark; until then the page follows the system. */
export function ThemeButton() {
  const dark = isDark.value;
  const label = dark ? 'Light colours' : 'Dark colours';
  return (
    <button
      type="button"
      class="quiet"
      aria-label={label}
      title={label}
      onClick={() => setPreference('theme', dark ? 'light' : 'dark')}
    >
      <Icon name={dark ? 'sun' : 'moon'} />
    </button>
  );
}
