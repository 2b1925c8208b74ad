import { useSignal } from '../signal';
import { IconButton } from './IconButton';
import { nextTheme, themeChoice } from './theme';

const ICONS = { system: 'system', light: 'sun', dark: 'moon' } as const;
const WORDS = { system: 'as the system', light: 'light', dark: 'dark' } as const;

/** Goes through the themes; says which one is on. */
export function ThemeButton() {
  const choice = useSignal(themeChoice);
  return <IconButton icon={ICONS[choice]} label={`Theme: ${WORDS[choice]}. Change`} onClick={nextTheme} />;
}
