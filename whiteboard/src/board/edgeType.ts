/** The type of an edge that nobody has given another one. */
export const DEFAULT_EDGE_TYPE = 'CONNECTS';

/** The types that are offered; any other in UPPER_SNAKE is as good. */
export const OFFERED_EDGE_TYPES = [
  DEFAULT_EDGE_TYPE,
  'DEPENDS_ON',
  'CONTAINS',
  'LINKS_TO',
  'VERSION_OF',
] as const;

/** Brings what somebody typed into UPPER_SNAKE: "depends on" becomes DEPENDS_ON, nothing becomes CONNECTS. */
export function edgeTypeOf(typed: unknown): string {
  if (typeof typed !== 'string') {
    return DEFAULT_EDGE_TYPE;
  }
  const words = typed
    .normalize('NFKD')
    .toUpperCase()
    .replace(/[^A-Z0-9]+/g, '_')
    .replace(/^[_0-9]+|_+$/g, '');
  return words === '' ? DEFAULT_EDGE_TYPE : words.slice(0, 63);
}

/** A type as words for people: DEPENDS_ON reads "depends on". */
export function wordsOf(edgeType: string): string {
  return edgeType.toLowerCase().replaceAll('_', ' ');
}
