/** The colours of nodes: stored by name, drawn by the theme, so that one board reads well in light and dark. */
export const NODE_COLORS = ['sand', 'coral', 'amber', 'lime', 'teal', 'sky', 'violet', 'rose'] as const;

export type NodeColor = (typeof NODE_COLORS)[number];

export const DEFAULT_COLOR: NodeColor = 'sand';

/** A colour as it is drawn; `css` and `ink` only for one that is not ours. */
export interface DrawnColor {
  readonly name: NodeColor | 'custom';
  readonly css?: string;
  readonly ink?: string;
}

const HEX = /^#([0-9a-f]{3}|[0-9a-f]{6})$/i;

/** How a stored colour is drawn: one of ours by its name, any other CSS hex colour as it is, else the default. */
export function drawnColor(stored: unknown): DrawnColor {
  if (typeof stored !== 'string') {
    return { name: DEFAULT_COLOR };
  }
  const known = NODE_COLORS.find((color) => color === stored);
  if (known !== undefined) {
    return { name: known };
  }
  return HEX.test(stored) ? { name: 'custom', css: stored, ink: inkOn(stored) } : { name: DEFAULT_COLOR };
}

/** Black or white, whichever reads better on a hex colour. */
function inkOn(hex: string): string {
  const short = hex.length === 4;
  const digits = short ? [...hex.slice(1)].map((digit) => digit + digit) : (hex.slice(1).match(/../g) ?? []);
  const [red = 0, green = 0, blue = 0] = digits.map((pair) => parseInt(pair, 16));
  return 0.299 * red + 0.587 * green + 0.114 * blue > 140 ? '#1c1a16' : '#ffffff';
}
