import { useEffect, useState } from 'react';
import { Refused } from '../api';
import type { BoardSession } from '../board/boardSession';
import { useSignal } from '../signal';
import { fetchRelatives, freshPosition, type Relatives, type Subject } from './relatives';

/** Where the question about the selected node stands. */
export type Answers =
  | { readonly state: 'loading' }
  | { readonly state: 'failed'; readonly message: string }
  | { readonly state: 'answered'; readonly dependents: Relatives; readonly dependencies: Relatives };

const LOADING: Answers = { state: 'loading' };
const NOTHING: Relatives = { items: [], truncated: false };

/** Edges are drawn in bursts: the question is asked again when it was quiet for this long, in milliseconds. */
const QUIET_MILLIS = 500;

/** Asks who is related to a subject, again whenever edges of the board changed and were saved. */
export function useRelatives(session: BoardSession, subject: Subject | undefined): Answers {
  const [answers, setAnswers] = useState<Answers>(LOADING);
  const edits = useEdgeEdits(session);
  const saved = useSignal(session.connection.sign).kind === 'saved';

  useEffect(() => setAnswers(LOADING), [subject]);

  useEffect(() => {
    if (subject === undefined || !saved) {
      return undefined;
    }
    const leaving = new AbortController();
    const ask = async () => {
      const after = await freshPosition(session.name, leaving.signal);
      const [dependents, dependencies] = await Promise.all([
        fetchRelatives(subject, 'dependents', after, leaving.signal),
        fetchRelatives(subject, 'dependencies', after, leaving.signal),
      ]);
      return { dependents, dependencies };
    };
    const timer = setTimeout(() => {
      ask()
        .then((found) => setAnswers({ state: 'answered', ...found }))
        .catch((problem: unknown) => {
          if (leaving.signal.aborted) {
            return;
          }
          setAnswers(
            problem instanceof Refused && problem.status === 404
              ? // Nobody has written the entity yet: nothing can point at it by content.
                { state: 'answered', dependents: NOTHING, dependencies: NOTHING }
              : { state: 'failed', message: problem instanceof Error ? problem.message : String(problem) },
          );
        });
    }, QUIET_MILLIS);
    return () => {
      clearTimeout(timer);
      leaving.abort();
    };
  }, [session, subject, edits, saved]);

  return answers;
}

/** A number that grows with every edit of an edge, anybody's; selecting one does not count. */
function useEdgeEdits({ document: board }: BoardSession): number {
  const [edits, setEdits] = useState(0);
  useEffect(() => {
    const count = () => setEdits((before) => before + 1);
    board.edges.observeDeep(count);
    return () => board.edges.unobserveDeep(count);
  }, [board]);
  return edits;
}
