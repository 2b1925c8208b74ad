import { type BoardName, DEFAULT_PROJECT } from './board/boardName';

/** A page of the whiteboard, as its address says it. */
export type Route =
  | { readonly page: 'boards'; readonly project: string }
  | { readonly page: 'board'; readonly board: BoardName; readonly element: string | undefined }
  | { readonly page: 'unknown'; readonly path: string };

/** Reads a page out of an address; percent-escapes are decoded once, a broken escape makes the page unknown. */
export function parseRoute(path: string, query: string): Route {
  const parameters = new URLSearchParams(query);
  if (path === '/' || path === '') {
    return { page: 'boards', project: parameters.get('project') ?? DEFAULT_PROJECT };
  }
  const match = /^\/board\/([^/]+)\/(.+)$/.exec(path);
  if (match?.[1] === undefined || match[2] === undefined) {
    return { page: 'unknown', path };
  }
  try {
    const board = {
      project: decodeURIComponent(match[1]),
      name: match[2].split('/').map(decodeURIComponent).join('/'),
    };
    return { page: 'board', board, element: parameters.get('element') ?? undefined };
  } catch {
    return { page: 'unknown', path };
  }
}
