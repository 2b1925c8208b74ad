import { useEffect, useRef, useState } from 'react';
import type { BoardEdge } from '../board/boardContent';
import { DEFAULT_EDGE_TYPE, edgeTypeOf, OFFERED_EDGE_TYPES } from '../board/edgeType';
import { useSession } from '../board/sessionContext';
import { IconButton } from '../shell/IconButton';

interface EdgeEditorProps {
  readonly edge: BoardEdge;
  readonly x: number;
  readonly y: number;
}

/** Id of the field of the edge's label, so that the shortcut finds it. */
export const EDGE_LABEL_ID = 'edge-label';

/** Label, type and direction of the selected edge, in place. */
export function EdgeEditor({ edge, x, y }: EdgeEditorProps) {
  const { document: board, elements } = useSession();
  const [label, setLabel] = useState(edge.label);
  const [type, setType] = useState(edge.type);
  const draft = useRef({ label, type });
  draft.current = { label, type };
  useEffect(() => setLabel(edge.label), [edge.label]);
  useEffect(() => setType(edge.type), [edge.type]);

  const save = () => board.describeEdge(edge.id, draft.current);
  return (
    <form
      className="edge-editor bar nodrag nopan nowheel"
      style={{ transform: `translate(-50%, -50%) translate(${x}px, ${y}px)` }}
      aria-label="Edge"
      onSubmit={(event) => event.preventDefault()}
      onBlur={save}
      onKeyDown={(event) => {
        event.stopPropagation();
        // A form with two fields and no submit button does not submit on Enter by itself.
        if (event.key === 'Enter' && event.target instanceof HTMLInputElement) {
          event.preventDefault();
          save();
        }
        if (event.key === 'Escape' || event.defaultPrevented) {
          elements.select(new Set());
        }
      }}
    >
      <input
        id={EDGE_LABEL_ID}
        className="edge-label-field"
        aria-label="Label"
        placeholder="Label"
        value={label}
        onChange={(event) => setLabel(event.target.value)}
      />
      <input
        className="edge-type-field"
        aria-label="Type"
        list="edge-types"
        value={type}
        onFocus={(event) => event.target.select()}
        onChange={(event) => setType(event.target.value)}
        onBlur={() => setType(edgeTypeOf(type))}
        placeholder={DEFAULT_EDGE_TYPE}
      />
      <datalist id="edge-types">
        {OFFERED_EDGE_TYPES.map((offered) => (
          <option key={offered} value={offered} />
        ))}
      </datalist>
      <IconButton icon="flip" label="Turn around" onClick={() => board.turnEdge(edge.id)} />
      <IconButton
        icon="trash"
        label="Delete edge"
        shortcut="Delete"
        onClick={() => board.remove(new Set(), new Set([edge.id]))}
      />
    </form>
  );
}
