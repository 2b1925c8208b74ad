const STEPS: readonly [Intl.RelativeTimeFormatUnit, number][] = [
  ['year', 31_536_000],
  ['month', 2_592_000],
  ['week', 604_800],
  ['day', 86_400],
  ['hour', 3_600],
  ['minute', 60],
];

const words = new Intl.RelativeTimeFormat('en', { numeric: 'auto' });

/** How long ago something was, in words: "3 minutes ago". */
export function ago(then: number, now: number = Date.now()): string {
  const seconds = Math.max(0, (now - then) / 1000);
  for (const [unit, size] of STEPS) {
    if (seconds >= size) {
      return words.format(-Math.floor(seconds / size), unit);
    }
  }
  return 'just now';
}
