import { accessToken } from './board/accessToken';
import type { BoardName } from './board/boardName';

/** What a call may carry besides its address. */
export interface CallOptions {
  readonly method?: 'GET' | 'HEAD' | 'POST' | 'PUT' | 'DELETE';
  readonly body?: unknown;
  /** The kind of answer wanted; JSON if nothing is said. */
  readonly accept?: string;
  readonly signal?: AbortSignal;
}

/** A call that the server refused. Its message is fit to be shown. */
export class Refused extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    message: string,
  ) {
    super(message);
  }
}

/** The calls about one entity; `part` is what follows the entity's address, such as `/dependents`. */
export function entityCall({ project, name }: BoardName, part = ''): string {
  return `/api/v1/projects/${encodeURIComponent(project)}/entities/${encodeURIComponent(name)}${part}`;
}

/** Calls the server. Fails with an error whose message is fit to be shown, or as the signal says when aborted. */
export async function call(address: string, options: CallOptions = {}): Promise<Response> {
  const { method = 'GET', body, accept = 'application/json', signal } = options;
  const token = accessToken();
  let answer: Response;
  try {
    answer = await fetch(address, {
      method,
      headers: {
        accept,
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      ...(signal === undefined ? {} : { signal }),
    });
  } catch (problem) {
    signal?.throwIfAborted();
    throw new Error('The server cannot be reached.', { cause: problem });
  }
  if (!answer.ok) {
    throw await refusal(answer);
  }
  return answer;
}

/** Calls the server for JSON. What it is has to be looked at: the caller reads it tolerantly. */
export async function callJson(address: string, options: CallOptions = {}): Promise<unknown> {
  return (await call(address, options)).json() as Promise<unknown>;
}

const WORDS: Readonly<Record<number, string>> = {
  401: 'You are not signed in.',
  403: 'You may not do or see this.',
  503: 'The server is not ready yet.',
};

async function refusal(answer: Response): Promise<Refused> {
  let problem: { title?: string; detail?: string; code?: string } = {};
  try {
    problem = (await answer.json()) as typeof problem;
  } catch {
    // Not from this server, or cut off: the status says what there is to say.
  }
  const said = problem.detail ?? problem.title;
  const words =
    WORDS[answer.status] ??
    (said === undefined ? `The server answered with status ${answer.status}.` : `The server says: ${said}`);
  return new Refused(answer.status, problem.code ?? '', words);
}
