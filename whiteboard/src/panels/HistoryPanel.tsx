import { type FormEvent, useCallback, useEffect, useMemo, useState } from 'react';
import type { BoardSession } from '../board/boardSession';
import { ago } from '../list/ago';
import { Dialog } from '../shell/Dialog';
import { useSignal } from '../signal';
import {
  fetchBoardAt,
  fetchChanges,
  fetchNamed,
  type HistoryPage,
  type HistoryRow,
  nameVersion,
  restore,
  timeLine,
} from './history';
import { SidePanel } from './SidePanel';

const EMPTY: HistoryPage = { rows: [], older: undefined };

/** What the board was: a line of time with its authors, to look at any moment, name the present and go back. */
export function HistoryPanel({ session }: { readonly session: BoardSession }) {
  const { write } = useSignal(session.access);
  const history = useHistory(session);
  const [chosen, setChosen] = useState<HistoryRow>();
  const [confirming, setConfirming] = useState(false);
  usePreview(session, chosen, history.fail);
  const present = () => setChosen(undefined);
  const goBack = () => {
    setConfirming(false);
    if (chosen === undefined) {
      return;
    }
    restore(session.name, chosen.point)
      .then((changed) => {
        session.notice.set(
          changed ? 'Restored. To undo it, restore the moment before.' : 'The board is like this already.',
        );
        present();
        history.reload();
      })
      .catch(history.fail);
  };
  return (
    <SidePanel session={session} title="History">
      {write && <NameForm session={session} onNamed={history.reload} onFailed={history.fail} />}
      {history.problem !== '' && (
        <p className="panel-problem" role="alert">
          {history.problem}
        </p>
      )}
      <ol className="time-line" aria-label="Changes, newest first">
        {history.rows.map((row) => (
          <li key={row.key}>
            <button
              type="button"
              className={row.name === undefined ? 'moment' : 'moment named'}
              aria-pressed={row.key === chosen?.key}
              onClick={() => setChosen(row.key === chosen?.key ? undefined : row)}
            >
              <strong>{row.name ?? row.who}</strong>
              <time dateTime={new Date(row.at).toISOString()} title={new Date(row.at).toLocaleString()}>
                {ago(row.at)}
              </time>
            </button>
          </li>
        ))}
      </ol>
      {history.loading && <p className="hint">Looking …</p>}
      {!history.loading && history.rows.length === 0 && history.problem === '' && (
        <p className="hint">Nothing has been written on this board yet.</p>
      )}
      {history.more !== undefined && (
        <button type="button" className="button" onClick={history.more}>
          Older
        </button>
      )}
      {chosen !== undefined && (
        <div className="moment-actions">
          <button type="button" className="button" onClick={present}>
            Back to the present
          </button>
          {write && (
            <button type="button" className="button primary" onClick={() => setConfirming(true)}>
              Restore …
            </button>
          )}
        </div>
      )}
      {confirming && chosen !== undefined && (
        <Dialog title="Restore the board?" onClose={() => setConfirming(false)}>
          <p>
            Everybody’s board becomes what it was {ago(chosen.at)}
            {chosen.name === undefined ? '' : ` (“${chosen.name}”)`}. Nothing is lost: the present stays in
            the history.
          </p>
          <div className="moment-actions">
            <button type="button" className="button" onClick={() => setConfirming(false)}>
              Cancel
            </button>
            <button type="button" className="button primary" data-autofocus onClick={goBack}>
              Restore
            </button>
          </div>
        </Dialog>
      )}
    </SidePanel>
  );
}

function NameForm({
  session,
  onNamed,
  onFailed,
}: {
  readonly session: BoardSession;
  readonly onNamed: () => void;
  readonly onFailed: (problem: unknown) => void;
}) {
  const [name, setName] = useState('');
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const wanted = name.trim();
    if (wanted === '') {
      return;
    }
    nameVersion(session.name, wanted)
      .then(() => {
        setName('');
        session.notice.set(`This version is kept as “${wanted}”.`);
        onNamed();
      })
      .catch(onFailed);
  };
  return (
    <form className="name-version" onSubmit={submit}>
      <label>
        Name this version
        <input
          className="field"
          value={name}
          maxLength={60}
          placeholder="Before the review"
          onChange={(event) => setName(event.target.value)}
        />
      </label>
      <button type="submit" className="button" disabled={name.trim() === ''}>
        Keep
      </button>
    </form>
  );
}

/** The time line as far as it was asked for. */
function useHistory(session: BoardSession) {
  const [changes, setChanges] = useState(EMPTY);
  const [named, setNamed] = useState<readonly HistoryRow[]>([]);
  const [loading, setLoading] = useState(true);
  const [problem, setProblem] = useState('');
  const [turn, setTurn] = useState(0);
  const fail = useCallback((failure: unknown) => {
    setProblem(failure instanceof Error ? failure.message : String(failure));
  }, []);
  const reload = useCallback(() => setTurn((before) => before + 1), []);
  useEffect(() => {
    const leaving = new AbortController();
    setLoading(true);
    Promise.all([
      fetchChanges(session.name, undefined, leaving.signal),
      fetchNamed(session.name, leaving.signal),
    ])
      .then(([page, versions]) => {
        setChanges(page);
        setNamed(versions);
        setProblem('');
        setLoading(false);
      })
      .catch((failure: unknown) => {
        if (!leaving.signal.aborted) {
          setLoading(false);
          fail(failure);
        }
      });
    return () => leaving.abort();
  }, [session, turn, fail]);
  const { older } = changes;
  const more =
    older === undefined
      ? undefined
      : () => {
          fetchChanges(session.name, older, new AbortController().signal)
            .then((page) => setChanges({ rows: [...changes.rows, ...page.rows], older: page.older }))
            .catch(fail);
        };
  const rows = useMemo(() => timeLine(changes.rows, named, changes.older === undefined), [changes, named]);
  return { rows, loading, problem, more, reload, fail };
}

/** Shows the chosen moment in place of the board, until another is chosen or the panel goes. */
function usePreview(
  session: BoardSession,
  chosen: HistoryRow | undefined,
  fail: (failure: unknown) => void,
): void {
  useEffect(() => {
    if (chosen === undefined) {
      return undefined;
    }
    const leaving = new AbortController();
    fetchBoardAt(session.name, chosen.point, leaving.signal)
      .then((board) => session.preview.set({ board, at: chosen.at, name: chosen.name }))
      .catch((failure: unknown) => {
        if (!leaving.signal.aborted) {
          fail(failure);
        }
      });
    return () => {
      leaving.abort();
      session.preview.set(undefined);
    };
  }, [session, chosen, fail]);
}
