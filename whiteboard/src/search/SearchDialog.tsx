import { type FormEvent, type KeyboardEvent, useEffect, useId, useState } from 'react';
import { Dialog } from '../shell/Dialog';
import { go } from '../shell/navigation';
import { type Found, type Hit, search } from './searchHits';

interface SearchDialogProps {
  /** The project one is in: its name is not worth saying with each hit. */
  readonly project: string;
  readonly onClose: () => void;
}

/** One does not search for every letter of a word that is typed fast: the pause that is waited for, in milliseconds. */
const PAUSE_MILLIS = 120;

type Answer =
  | { readonly state: 'nothing asked' }
  | { readonly state: 'found'; readonly found: Found }
  | { readonly state: 'failed'; readonly message: string };

/** One box that finds entities and nodes of all boards as one types; Enter goes there. */
export function SearchDialog({ project, onClose }: SearchDialogProps) {
  const list = useId();
  const [words, setWords] = useState('');
  const [active, setActive] = useState(0);
  const { answer, asking } = useSearch(words);
  const hits = answer.state === 'found' ? answer.found.hits : [];
  const chosen = hits[Math.min(active, hits.length - 1)];

  const open = (hit: Hit) => {
    onClose();
    go(hit.path);
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (chosen !== undefined) {
      open(chosen);
    }
  };
  const move = (event: KeyboardEvent) => {
    const step = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0;
    if (step !== 0 && hits.length > 0) {
      event.preventDefault();
      setActive((Math.min(active, hits.length - 1) + step + hits.length) % hits.length);
    }
  };
  return (
    <Dialog title="Search all boards" onClose={onClose} className="search-dialog">
      <form onSubmit={submit}>
        <input
          className="search-field"
          role="combobox"
          aria-label="What to search for"
          aria-expanded={hits.length > 0}
          aria-controls={list}
          aria-activedescendant={chosen === undefined ? undefined : `${list}-${hits.indexOf(chosen)}`}
          placeholder="Words, a “phrase”, or what it means"
          value={words}
          maxLength={1000}
          autoComplete="off"
          data-autofocus
          onChange={(event) => {
            setWords(event.target.value);
            setActive(0);
          }}
          onKeyDown={move}
        />
        <ul id={list} role="listbox" aria-label="Found" className="search-hits" aria-busy={asking}>
          {hits.map((hit, i) => (
            <li
              key={hit.key}
              id={`${list}-${i}`}
              role="option"
              aria-selected={hit === chosen}
              ref={(row) => {
                if (hit === chosen) {
                  row?.scrollIntoView({ block: 'nearest' });
                }
              }}
              onClick={() => open(hit)}
            >
              <HitRow hit={hit} project={project} />
            </li>
          ))}
        </ul>
        <p className="hint" role="status">
          {statusOf(words, answer)}
        </p>
      </form>
    </Dialog>
  );
}

function HitRow({ hit, project }: { readonly hit: Hit; readonly project: string }) {
  return (
    <>
      <span className="hit-title">{hit.title}</span>
      <span className="hit-place">{hit.project === project ? hit.name : `${hit.project} / ${hit.name}`}</span>
      <span className="hit-snippet">
        {hit.snippet.map(({ text, marked }, i) => (marked ? <mark key={i}>{text}</mark> : text))}
      </span>
      {hit.why !== '' && <span className="hit-why">{hit.why}</span>}
    </>
  );
}

function statusOf(words: string, answer: Answer): string {
  if (answer.state === 'failed') {
    return answer.message;
  }
  if (answer.state === 'nothing asked' || words.trim() === '') {
    return 'Finds words, near misses and meanings: “car” finds “vehicle” too.';
  }
  const { hits, notice } = answer.found;
  return [hits.length === 0 ? 'Nothing found.' : '', notice ?? ''].filter((part) => part !== '').join(' ');
}

/** What was found for the words as they are; the last answer stays while the next one is on its way. */
function useSearch(words: string): { answer: Answer; asking: boolean } {
  const [answer, setAnswer] = useState<Answer>({ state: 'nothing asked' });
  const [asking, setAsking] = useState(false);
  useEffect(() => {
    if (words.trim() === '') {
      setAnswer({ state: 'nothing asked' });
      return undefined;
    }
    const leaving = new AbortController();
    setAsking(true);
    const timer = setTimeout(() => {
      search(words, leaving.signal)
        .then((found) => setAnswer({ state: 'found', found }))
        .catch((problem: unknown) => {
          if (!leaving.signal.aborted) {
            const message = problem instanceof Error ? problem.message : String(problem);
            setAnswer({ state: 'failed', message });
          }
        })
        .finally(() => setAsking(false));
    }, PAUSE_MILLIS);
    return () => {
      clearTimeout(timer);
      leaving.abort();
    };
  }, [words]);
  return { answer, asking };
}
