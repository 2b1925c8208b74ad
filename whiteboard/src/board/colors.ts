/** The colours of nodes: stored by name, drawn by the theme, so that one board reads well in light and dark. */
export const NODE_COLORS = ['sand', 'coral', 'amber', 'lime', 'teal', 'sky', 'violet', 'rose'] as const;

export type NodeColor = (typeof NODE_COLORS)[number];

export const DEFAULT_COLOR: NodeColor = 'sand';

/** How a stored colour is drawn: one of ours by its name, any other CSS hex colour as it is, else the default. */
export function drawnColor(stored: unknown): { readonly name: NodeColor | 'custom'; readonly css?: string } {
  if (typeof stored !== 'string') {
    return { name: DEFAULT_COLOR };
  }
  const known = NODE_COLORS.find((color) => color === stored);
  if (known !== undefined) {
    return { name: known };
  }
  return /^#([0-9a-f]{3}|[0-9a-f]{6})$/i.test(stored)
    ? { name: 'custom', css: stored }
    : { name: DEFAULT_COLOR };
}
