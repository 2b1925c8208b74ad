import { accessToken } from '../board/accessToken';
import { BOARD_TYPE } from '../board/boardDocument';

/** An entity as the list of entities tells it; fields that the list does not need are left out. */
export interface ListedEntity {
  readonly id: string;
  readonly project: string;
  readonly name: string;
  readonly title: string;
  readonly updatedAt: string | undefined;
}

/** One page of entities and where the next one begins. */
export interface EntityPage {
  readonly items: readonly ListedEntity[];
  readonly nextCursor: string | undefined;
}

/** Boards asked for at once. */
const PAGE_SIZE = 60;

/** Asks the server for a page of a project's boards. Fails with an error whose message is fit to be shown. */
export async function fetchBoards(
  project: string,
  cursor: string | undefined,
  signal: AbortSignal,
): Promise<EntityPage> {
  const query = new URLSearchParams({ type: BOARD_TYPE, limit: String(PAGE_SIZE) });
  if (cursor !== undefined) {
    query.set('cursor', cursor);
  }
  const token = accessToken();
  let answer: Response;
  try {
    answer = await fetch(`/api/v1/projects/${encodeURIComponent(project)}/entities?${query}`, {
      signal,
      headers: {
        accept: 'application/json',
        ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
      },
    });
  } catch (problem) {
    signal.throwIfAborted();
    throw new Error('The server cannot be reached.', { cause: problem });
  }
  if (answer.status === 404) {
    return { items: [], nextCursor: undefined };
  }
  if (!answer.ok) {
    throw new Error(await problemOf(answer));
  }
  return readPage(project, await answer.json());
}

/** Reads a page tolerantly: an item without a name is left out, unknown fields are ignored. */
export function readPage(project: string, json: unknown): EntityPage {
  const page = json as { items?: unknown; nextCursor?: unknown } | null;
  const items = Array.isArray(page?.items) ? (page.items as unknown[]) : [];
  return {
    items: items.flatMap((item) => readEntity(project, item) ?? []),
    nextCursor: typeof page?.nextCursor === 'string' && page.nextCursor !== '' ? page.nextCursor : undefined,
  };
}

function readEntity(project: string, item: unknown): ListedEntity | undefined {
  const entity = item as Record<string, unknown> | null;
  const name = entity?.['name'];
  if (typeof name !== 'string') {
    return undefined;
  }
  const text = (key: string) =>
    typeof entity?.[key] === 'string' && entity[key] !== '' ? entity[key] : undefined;
  return {
    id: text('id') ?? name,
    project: text('project') ?? project,
    name,
    title: text('title') ?? name,
    updatedAt: text('updatedAt'),
  };
}

async function problemOf(answer: Response): Promise<string> {
  const words: Record<number, string> = {
    401: 'You are not signed in.',
    403: 'You may not see this project.',
    503: 'The server is not ready yet.',
  };
  const known = words[answer.status];
  if (known !== undefined) {
    return known;
  }
  try {
    const { title, detail } = (await answer.json()) as { title?: string; detail?: string };
    return `The server says: ${detail ?? title ?? answer.status}`;
  } catch {
    return `The server answered with status ${answer.status}.`;
  }
}
