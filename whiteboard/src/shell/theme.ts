import { Signal } from '../signal';
import { keep, recall } from '../storage';

export type ThemeChoice = 'system' | 'light' | 'dark';

const KEY = 'boardwalk.theme';
const prefersDark = window.matchMedia('(prefers-color-scheme: dark)');

/** What the user chose; `system` follows the operating system. */
export const themeChoice = new Signal<ThemeChoice>(remembered());

/** What is drawn. */
export const theme = new Signal<'light' | 'dark'>(drawn());

prefersDark.addEventListener('change', draw);

/** Goes on to the next choice: system, light, dark, system. */
export function nextTheme(): void {
  const order: Record<ThemeChoice, ThemeChoice> = { system: 'light', light: 'dark', dark: 'system' };
  themeChoice.set(order[themeChoice.value()]);
  keep(KEY, themeChoice.value());
  draw();
}

function draw(): void {
  theme.set(drawn());
  document.documentElement.dataset['theme'] = theme.value();
}

function drawn(): 'light' | 'dark' {
  const choice = themeChoice.value();
  return choice === 'dark' || (choice === 'system' && prefersDark.matches) ? 'dark' : 'light';
}

function remembered(): ThemeChoice {
  const choice = recall(KEY);
  return choice === 'light' || choice === 'dark' ? choice : 'system';
}
