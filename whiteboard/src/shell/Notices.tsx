import { useEffect, useState } from 'react';
import type { BoardSession } from '../board/boardSession';
import { useSignal } from '../signal';
import { Icon } from './Icon';
import { IconButton } from './IconButton';
import { PageLink } from './PageLink';

/** How long a notice stays, in milliseconds. */
const NOTICE_MILLIS = 4_000;

/** What the page has to say: passing notices, and why the server ended the connection. */
export function Notices({ session }: { readonly session: BoardSession }) {
  const notice = useSignal(session.notice);
  const warning = useSignal(session.warning);
  const closed = useSignal(session.connection.closed);
  const kept = useSignal(session.connection.kept);
  const [keptHidden, hideKept] = useState(false);
  useEffect(() => {
    if (notice !== '') {
      const timer = setTimeout(() => session.notice.set(''), NOTICE_MILLIS);
      return () => clearTimeout(timer);
    }
    return undefined;
  }, [session, notice]);
  return (
    <div className="notices">
      {closed !== undefined && (
        <div className="notice problem" role="alert">
          <Icon name="warning" />
          <span>{closed.text}</span>
          {closed.final && (
            <>
              <button
                type="button"
                className="button"
                onClick={() =>
                  closed.reload === true ? window.location.reload() : session.connection.retry()
                }
              >
                Try again
              </button>
              {closed.signIn === true && (
                <button
                  type="button"
                  className="button primary"
                  onClick={() => session.overlay.set('sign-in')}
                >
                  Sign in
                </button>
              )}
              <PageLink className="button" href="/">
                All boards
              </PageLink>
            </>
          )}
        </div>
      )}
      {!kept && !keptHidden && (
        <div className="notice" role="status">
          <Icon name="warning" />
          <span>This browser keeps nothing for this page: do not close it while changes are unsaved.</span>
          <IconButton icon="close" label="Hide" onClick={() => hideKept(true)} />
        </div>
      )}
      {warning !== '' && (
        <div className="notice" role="alert">
          <Icon name="warning" />
          <span>{warning}</span>
          <IconButton icon="close" label="Hide" onClick={() => session.warning.set('')} />
        </div>
      )}
      <div role="status" aria-live="polite">
        {notice !== '' && <div className="notice passing">{notice}</div>}
      </div>
    </div>
  );
}
