import { callJson } from '../api';
import { boardPath } from '../board/boardName';

/** A part of a snippet: marked where it is what was looked for. */
export interface SnippetPart {
  readonly text: string;
  readonly marked: boolean;
}

/** One thing that was found: an entity, or a node of a board. */
export interface Hit {
  readonly key: string;
  readonly path: string;
  readonly project: string;
  readonly name: string;
  readonly title: string;
  readonly snippet: readonly SnippetPart[];
  /** Why it was found, in words. */
  readonly why: string;
}

/** What one question came to; `notice` says what was left out, if anything was. */
export interface Found {
  readonly hits: readonly Hit[];
  readonly notice: string | undefined;
}

/** Hits asked for: a list that one looks through, not a report. */
const LIMIT = 20;

/** Searches all projects that the caller may see. */
export async function search(words: string, signal: AbortSignal): Promise<Found> {
  const query = new URLSearchParams({ q: words, limit: String(LIMIT) });
  return readFound(await callJson(`/api/v1/search?${query}`, { signal }));
}

/** Reads an answer tolerantly: a hit without a name is left out, unknown fields are ignored. */
export function readFound(json: unknown): Found {
  const answer = json as { hits?: unknown; leftOut?: unknown } | null;
  const hits = Array.isArray(answer?.hits) ? (answer.hits as unknown[]) : [];
  const leftOut = Array.isArray(answer?.leftOut)
    ? answer.leftOut.filter((part) => typeof part === 'string')
    : [];
  return {
    hits: hits.flatMap((hit) => readHit(hit) ?? []),
    notice: leftOut.length === 0 ? undefined : `Left out this time: ${leftOut.join(', ')}.`,
  };
}

function readHit(json: unknown): Hit | undefined {
  const fields = json as Record<string, unknown> | null;
  const text = (key: string) =>
    typeof fields?.[key] === 'string' && fields[key] !== '' ? fields[key] : undefined;
  const [name, project, element] = [text('name'), text('project'), text('element')];
  if (name === undefined || project === undefined) {
    return undefined;
  }
  return {
    key: JSON.stringify([project, name, element]),
    path: boardPath({ project, name }, element),
    project,
    name,
    title: text('title') ?? name,
    snippet: snippetParts(text('snippet') ?? ''),
    why: whyInWords(fields?.['why']),
  };
}

/** Splits a snippet at its `<mark>` pairs. Whatever else looks like markup is text, and shown as such. */
export function snippetParts(snippet: string): SnippetPart[] {
  return snippet
    .split(/(<mark>.*?<\/mark>)/s)
    .filter((part) => part !== '')
    .map((part) => {
      const marked = /^<mark>(.*)<\/mark>$/s.exec(part);
      return { text: unescaped(marked?.[1] ?? part), marked: marked !== null };
    });
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&lt;': '<',
  '&gt;': '>',
  '&quot;': '"',
  '&#39;': "'",
  '&amp;': '&',
};

function unescaped(text: string): string {
  return text.replace(/&(?:lt|gt|quot|amp|#39);/g, (entity) => ENTITIES[entity] ?? entity);
}

const REASONS: Readonly<Record<string, string>> = {
  words: 'has the words',
  corrected: 'nearly these words',
  prefix: 'begins like this',
  meaning: 'means something like it',
  near: 'is near',
  recency: 'is recent',
};

/** The reasons of a hit, strongest first as the server gives them; names that are not known are shown as they are. */
function whyInWords(why: unknown): string {
  const names = Array.isArray(why)
    ? why.map((reason: unknown) =>
        typeof reason === 'string' ? reason : String((reason as { by?: unknown } | null)?.by ?? ''),
      )
    : typeof why === 'object' && why !== null
      ? Object.keys(why)
      : [];
  return names
    .filter((name) => name !== '' && name !== 'recency')
    .map((name) => REASONS[name] ?? name)
    .join(', ');
}
