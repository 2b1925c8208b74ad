import { type FormEvent, type KeyboardEvent, useId, useState } from 'react';
import type { BoardSession } from '../board/boardSession';
import { DEFAULT_EDGE_TYPE, edgeTypeOf, OFFERED_EDGE_TYPES } from '../board/edgeType';
import { drawnColor } from '../board/colors';
import { Dialog } from '../shell/Dialog';

/** Nodes offered at once; typing narrows them down. */
const OFFERED_MAX = 50;

/** Connects the selected node with another by keyboard: type some of its text, choose it, done. */
export function ConnectDialog({
  session,
  onClose,
}: {
  readonly session: BoardSession;
  readonly onClose: () => void;
}) {
  const list = useId();
  const [source] = useState(() => session.elements.selectedNodes()[0]?.data.node);
  const [words, setWords] = useState('');
  const [type, setType] = useState<string>(DEFAULT_EDGE_TYPE);
  const [active, setActive] = useState(0);
  const wanted = words.trim().toLowerCase();
  const offered = session.elements
    .nodes()
    .map((card) => card.data.node)
    .filter((node) => node.id !== source?.id && node.text.toLowerCase().includes(wanted))
    .slice(0, OFFERED_MAX);
  const chosen = offered[Math.min(active, offered.length - 1)];

  const connect = (target: string) => {
    const edge =
      source === undefined ? undefined : session.document.connect(source.id, target, edgeTypeOf(type));
    onClose();
    if (edge !== undefined) {
      session.notice.set('Connected.');
    }
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (chosen !== undefined) {
      connect(chosen.id);
    }
  };
  const move = (event: KeyboardEvent) => {
    const step = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0;
    if (step !== 0 && offered.length > 0) {
      event.preventDefault();
      setActive((Math.min(active, offered.length - 1) + step + offered.length) % offered.length);
    }
  };
  return (
    <Dialog
      title={`Connect “${excerpt(source?.text ?? '')}” to…`}
      onClose={onClose}
      className="connect-dialog"
    >
      <form onSubmit={submit}>
        <div className="field-row">
          <input
            role="combobox"
            aria-label="Text of the other node"
            aria-expanded="true"
            aria-controls={list}
            aria-activedescendant={chosen === undefined ? undefined : `${list}-${chosen.id}`}
            placeholder="Type some of its text"
            value={words}
            data-autofocus
            onChange={(event) => {
              setWords(event.target.value);
              setActive(0);
            }}
            onKeyDown={move}
          />
          <input
            className="edge-type-field"
            aria-label="Type of the edge"
            list="connect-types"
            value={type}
            onChange={(event) => setType(event.target.value)}
            onFocus={(event) => event.target.select()}
          />
          <datalist id="connect-types">
            {OFFERED_EDGE_TYPES.map((name) => (
              <option key={name} value={name} />
            ))}
          </datalist>
          <button className="button primary" type="submit" disabled={chosen === undefined}>
            Connect
          </button>
        </div>
        <ul id={list} role="listbox" aria-label="Nodes" className="offered-nodes">
          {offered.map((node) => (
            <li
              key={node.id}
              id={`${list}-${node.id}`}
              role="option"
              aria-selected={node === chosen}
              ref={(row) => {
                if (node === chosen) {
                  row?.scrollIntoView({ block: 'nearest' });
                }
              }}
              onClick={() => connect(node.id)}
            >
              <span className={`swatch color-${drawnColor(node.color).name}`} aria-hidden="true" />
              {node.text === '' ? <em>Node without text</em> : node.text}
            </li>
          ))}
        </ul>
        {offered.length === 0 && <p className="hint">No other node has this in its text.</p>}
      </form>
    </Dialog>
  );
}

function excerpt(text: string): string {
  const line = text.split('\n')[0] ?? '';
  return line === '' ? 'node without text' : line.length > 40 ? `${line.slice(0, 39)}…` : line;
}
