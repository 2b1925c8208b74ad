import { useState } from 'react';
import { callJson, entityCall } from '../api';
import { accessToken } from '../board/accessToken';
import { boardPath } from '../board/boardName';
import type { BoardSession } from '../board/boardSession';
import { Dialog } from './Dialog';
import { Icon } from './Icon';

/** For how long a link may show a board, as the server takes it and as people say it. */
const LIFETIMES = [
  ['1h', 'one hour'],
  ['1d', 'one day'],
  ['7d', 'a week'],
  ['30d', '30 days'],
] as const;

/** Copies the board's address, with words that are true of this server. */
export async function copyAddress(session: BoardSession): Promise<void> {
  const words =
    accessToken() === undefined
      ? 'Link copied. Whoever opens it edits this board with you.'
      : 'Address copied. Whoever opens it has to sign in.';
  await copy(session, boardPath(session.name), words);
}

/** How others come to see a board where one has to sign in: by its address, or by a link that shows it alone. */
export function ShareDialog({
  session,
  onClose,
}: {
  readonly session: BoardSession;
  readonly onClose: () => void;
}) {
  const [lifetime, setLifetime] = useState<string>('7d');
  const [problem, setProblem] = useState('');
  const copyLink = async () => {
    try {
      const link = (await callJson(entityCall(session.name, `/share?ttl=${lifetime}`), {
        method: 'POST',
      })) as {
        path: string;
      };
      const named = LIFETIMES.find(([value]) => value === lifetime)![1];
      await copy(session, link.path, `Link copied. For ${named}, whoever has it may look at this board.`);
      onClose();
    } catch (failure) {
      setProblem(failure instanceof Error ? failure.message : String(failure));
    }
  };
  return (
    <Dialog title="Share this board" className="small-dialog" onClose={onClose}>
      <section className="share-way">
        <h3>
          <Icon name="eye" /> To look at
        </h3>
        <p className="hint">
          Whoever has the link sees this board live, without signing in, and can change nothing.
        </p>
        <div className="field-row">
          <select
            aria-label="How long the link works"
            value={lifetime}
            onChange={(event) => setLifetime(event.target.value)}
          >
            {LIFETIMES.map(([value, words]) => (
              <option key={value} value={value}>
                For {words}
              </option>
            ))}
          </select>
          <button type="button" className="button primary" data-autofocus onClick={() => void copyLink()}>
            Copy link
          </button>
        </div>
        {problem !== '' && (
          <p className="share-problem" role="alert">
            {problem}
          </p>
        )}
      </section>
      <section className="share-way">
        <h3>
          <Icon name="pencil" /> To work on together
        </h3>
        <p className="hint">People of your organisation open the address and sign in.</p>
        <button
          type="button"
          className="button"
          onClick={() => {
            void copyAddress(session);
            onClose();
          }}
        >
          Copy address
        </button>
      </section>
    </Dialog>
  );
}

async function copy(session: BoardSession, path: string, words: string): Promise<void> {
  try {
    await navigator.clipboard.writeText(window.location.origin + path);
    session.notice.set(words);
  } catch {
    session.notice.set('The browser did not let the link be copied: take it from the address bar.');
  }
}
