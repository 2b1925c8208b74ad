import {
  BaseEdge,
  EdgeLabelRenderer,
  type EdgeProps,
  getBezierPath,
  useInternalNode,
  useStore,
} from '@xyflow/react';
import { memo } from 'react';
import { DEFAULT_EDGE_TYPE, wordsOf } from '../board/edgeType';
import { useSession } from '../board/sessionContext';
import { useSignal } from '../signal';
import type { LinkEdge } from './elements';
import { EdgeEditor } from './EdgeEditor';
import { boxOf, edgeEnds } from './edgeShape';
import { FAR_ZOOM } from './NodeCard';

/** An edge on the canvas: it runs between the sides where its nodes face each other, and carries its label. */
export const EdgeLink = memo(function EdgeLink({ id, source, target, data, selected }: EdgeProps<LinkEdge>) {
  const from = useInternalNode(source);
  const to = useInternalNode(target);
  const far = useStore(({ transform }) => transform[2] < FAR_ZOOM);
  const { write } = useSignal(useSession().access);
  const alone = useStore(
    ({ edgeLookup, nodeLookup }) => selected === true && onlySelection(edgeLookup, nodeLookup),
  );
  if (from === undefined || to === undefined || data === undefined) {
    return null;
  }
  const [start, end] = edgeEnds(boxOf(from), boxOf(to));
  const marker = `url(#${selected === true ? 'arrow-selected' : 'arrow'})`;
  if (far) {
    return <path className="react-flow__edge-path" d={`M${start.x} ${start.y}L${end.x} ${end.y}`} />;
  }
  const [path, x, y] = getBezierPath({
    sourceX: start.x,
    sourceY: start.y,
    sourcePosition: start.side,
    targetX: end.x,
    targetY: end.y,
    targetPosition: end.side,
  });
  const { label, type } = data.edge;
  const typed = type !== DEFAULT_EDGE_TYPE;
  const chip = label !== '' || typed;
  return (
    <>
      <BaseEdge
        id={id}
        path={path}
        markerEnd={marker}
        interactionWidth={22}
        className={typed ? 'typed' : ''}
      />
      <EdgeLabelRenderer>
        {alone && write ? (
          <EdgeEditor edge={data.edge} x={x} y={y} />
        ) : (
          chip && (
            <div
              className={`edge-label ${selected === true ? 'selected' : ''}`}
              style={{ transform: `translate(-50%, -50%) translate(${x}px, ${y}px)` }}
            >
              {label}
              {typed && <small>{wordsOf(type)}</small>}
            </div>
          )
        )}
      </EdgeLabelRenderer>
    </>
  );
});

/** Whether one edge and nothing else is selected: then its editor opens. */
function onlySelection(
  edges: ReadonlyMap<string, { selected?: boolean }>,
  nodes: ReadonlyMap<string, { selected?: boolean }>,
): boolean {
  let count = 0;
  for (const edge of edges.values()) {
    count += edge.selected === true ? 1 : 0;
  }
  if (count !== 1) {
    return false;
  }
  for (const node of nodes.values()) {
    if (node.selected === true) {
      return false;
    }
  }
  return true;
}

/** The arrow heads that edges refer to, once per page. */
export function ArrowHeads() {
  return (
    <svg className="arrow-heads" aria-hidden="true">
      <defs>
        {['arrow', 'arrow-selected'].map((id) => (
          <marker
            key={id}
            id={id}
            viewBox="0 0 10 10"
            refX="8.5"
            refY="5"
            markerWidth="7"
            markerHeight="7"
            orient="auto"
          >
            <path d="M0.5 1 9 5 0.5 9z" />
          </marker>
        ))}
      </defs>
    </svg>
  );
}
