import {
  Background,
  BackgroundVariant,
  type NodeProps,
  Handle,
  Position,
  ReactFlow,
  ReactFlowProvider,
} from '@xyflow/react';
import { drawnColor } from '../board/colors';
import { ArrowHeads, EdgeLink } from '../canvas/EdgeLink';
import type { CardNode, LinkEdge } from '../canvas/elements';
import { theme } from '../shell/theme';
import { useSignal } from '../signal';
import type { BoardAt } from './history';

/** A moment that is shown in place of the board. */
export interface Preview {
  readonly board: BoardAt;
  readonly at: number;
  /** The version's name, if it has one. */
  readonly name: string | undefined;
}

const NODE_TYPES = { card: PreviewCard };
const EDGE_TYPES = { link: EdgeLink };
const SIDES = [Position.Top, Position.Right, Position.Bottom, Position.Left] as const;

/** The board as it was, over the board as it is: one can look around in it, and change nothing. */
export function BoardPreview({ preview }: { readonly preview: Preview }) {
  const colorMode = useSignal(theme);
  const { board, at, name } = preview;
  const when = new Date(at).toLocaleString();
  return (
    <section className="canvas board-preview" aria-label={`The board as of ${name ?? when}`}>
      <ReactFlowProvider key={`${at} ${name ?? ''}`}>
        <ReactFlow<CardNode, LinkEdge>
          nodes={[...board.nodes]}
          edges={[...board.edges]}
          nodeTypes={NODE_TYPES}
          edgeTypes={EDGE_TYPES}
          colorMode={colorMode}
          nodesDraggable={false}
          nodesConnectable={false}
          elementsSelectable={false}
          nodesFocusable={false}
          edgesFocusable={false}
          deleteKeyCode={null}
          panOnScroll
          fitView
          fitViewOptions={{ padding: 0.2, maxZoom: 1 }}
          minZoom={0.08}
          maxZoom={3}
          onlyRenderVisibleElements
        >
          <Background variant={BackgroundVariant.Dots} gap={24} size={1.6} />
          <ArrowHeads />
        </ReactFlow>
      </ReactFlowProvider>
      <p className="preview-note" role="status">
        {board.title === '' ? 'The board' : board.title} as of{' '}
        {name === undefined ? when : `“${name}”, ${when}`}
        {board.nodes.length === 0 && ' (empty)'}
      </p>
    </section>
  );
}

function PreviewCard({ data }: NodeProps<CardNode>) {
  const { node } = data;
  const color = drawnColor(node.color);
  const style: Record<string, string> = {};
  if (color.css !== undefined && color.ink !== undefined) {
    style['--card'] = color.css;
    style['--ink'] = color.ink;
  }
  return (
    <div className={`card color-${color.name}`} style={style}>
      <div className="card-text">{node.text}</div>
      {SIDES.map((side) => (
        <Handle key={side} id={side} type="source" position={side} isConnectable={false} />
      ))}
    </div>
  );
}
