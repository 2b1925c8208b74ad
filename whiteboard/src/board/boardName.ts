/** The address of a board: its project and its name inside the project. Names may contain slashes. */
export interface BoardName {
  readonly project: string;
  readonly name: string;
}

/** The project that exists without anyone having made it. */
export const DEFAULT_PROJECT = 'default';

/** Longest name the server takes, in bytes of UTF-8. */
export const NAME_BYTES_MAX = 255;

/** Percent-encodes each segment of a name but keeps its slashes, as y-websocket does not encode by itself. */
export function encodeName(name: string): string {
  return name.split('/').map(encodeURIComponent).join('/');
}

/** The page of a board, optionally with one of its nodes to look at. */
export function boardPath({ project, name }: BoardName, element?: string): string {
  const path = `/board/${encodeURIComponent(project)}/${encodeName(name)}`;
  return element === undefined ? path : `${path}?element=${encodeURIComponent(element)}`;
}

/** The room that the y-websocket provider appends to its server address. */
export function roomOf({ name }: BoardName): string {
  return encodeName(name);
}

/** The WebSocket address of a board's project at the page's own origin. */
export function serverUrlOf({ project }: BoardName, location: { protocol: string; host: string }): string {
  const scheme = location.protocol === 'https:' ? 'wss' : 'ws';
  return `${scheme}://${location.host}/yjs/${encodeURIComponent(project)}`;
}

/** A name for a new board: readable, from its title, and not taken because of its random end. */
export function nameFromTitle(title: string, random: () => number = Math.random): string {
  const words = title
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, '-')
    .replace(/^-+|-+$/g, '');
  const end = Array.from({ length: 5 }, () => Math.floor(random() * 36).toString(36)).join('');
  const room = NAME_BYTES_MAX - end.length - 1;
  let start = '';
  for (const letter of words) {
    if (new TextEncoder().encode(start + letter).length > Math.min(room, 60)) {
      break;
    }
    start += letter;
  }
  return start === '' ? `board-${end}` : `${start.replace(/-+$/, '')}-${end}`;
}

/** Under which name a device keeps its copy of a board: organisations have boards of the same name. */
export function deviceKeyOf({ project, name }: BoardName, organisation: string | undefined): string {
  const board = `${project}/${name}`;
  return organisation === undefined
    ? `boardwalk/${board}`
    : `boardwalk:${encodeURIComponent(organisation)}/${board}`;
}
