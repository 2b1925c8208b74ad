import { useEffect, useMemo, useState, useSyncExternalStore } from 'react';
import { boardPath } from '../board/boardName';
import type { BoardSession } from '../board/boardSession';
import { PageLink } from '../shell/PageLink';
import { highlightOf } from './highlight';
import {
  type ImpactGroup,
  impactOf,
  type Relative,
  type Relatives,
  type Subject,
  subjectOf,
} from './relatives';
import { SidePanel } from './SidePanel';
import { type Answers, useRelatives } from './useRelatives';

type View = 'direct' | 'all' | 'impact';

const VIEWS: readonly (readonly [View, string])[] = [
  ['direct', 'Direct'],
  ['all', 'All'],
  ['impact', 'Impact'],
];

/** What depends on the selected node, on this board and on others, and what it depends on. */
export function RelationsPanel({ session }: { readonly session: BoardSession }) {
  const [view, setView] = useState<View>('direct');
  const subject = useSubject(session);
  const answers = useRelatives(session, subject?.about);
  useHighlight(session, answers, view);
  return (
    <SidePanel session={session} title="Relationships">
      {subject === undefined ? (
        <p className="hint">Select a node to see what depends on it and what it depends on.</p>
      ) : (
        <>
          <p className="panel-subject">{subject.title}</p>
          <div className="segments" role="group" aria-label="What to show">
            {VIEWS.map(([key, words]) => (
              <button key={key} type="button" aria-pressed={view === key} onClick={() => setView(key)}>
                {words}
              </button>
            ))}
          </div>
          <Content session={session} answers={answers} view={view} />
        </>
      )}
    </SidePanel>
  );
}

function Content({
  session,
  answers,
  view,
}: {
  readonly session: BoardSession;
  readonly answers: Answers;
  readonly view: View;
}) {
  if (answers.state === 'loading') {
    return <p className="hint">Looking …</p>;
  }
  if (answers.state === 'failed') {
    return (
      <p className="panel-problem" role="alert">
        {answers.message}
      </p>
    );
  }
  const { dependents, dependencies } = answers;
  if (view === 'impact') {
    return <Impact session={session} dependents={dependents} />;
  }
  return (
    <>
      <RelativeList
        session={session}
        heading="Depends on this"
        none="Nothing depends on this."
        relatives={seen(dependents, view)}
      />
      <RelativeList
        session={session}
        heading="This depends on"
        none="It depends on nothing."
        relatives={seen(dependencies, view)}
      />
    </>
  );
}

function seen(relatives: Relatives, view: View): Relatives {
  return view === 'direct'
    ? { ...relatives, items: relatives.items.filter(({ depth }) => depth === 1) }
    : relatives;
}

function RelativeList({
  session,
  heading,
  none,
  relatives: { items, truncated },
}: {
  readonly session: BoardSession;
  readonly heading: string;
  readonly none: string;
  readonly relatives: Relatives;
}) {
  return (
    <section className="relatives">
      <h3>
        {heading} <span className="count">{truncated ? `${items.length}+` : items.length}</span>
      </h3>
      {items.length === 0 ? (
        <p className="hint">{none}</p>
      ) : (
        <ul>
          {items.map((item) => (
            <RelativeRow key={keyOf(item)} session={session} item={item} />
          ))}
        </ul>
      )}
    </section>
  );
}

function RelativeRow({ session, item }: { readonly session: BoardSession; readonly item: Relative }) {
  const { project, name } = session.name;
  const here = item.project === project && item.name === name;
  const place = here ? undefined : item.project === project ? item.name : `${item.project} / ${item.name}`;
  return (
    <li>
      <PageLink
        className="relative"
        href={boardPath(item, item.element)}
        onClick={(event) => {
          // On this board the view moves; the page and its undo history stay.
          if (here && item.element !== undefined && !event.metaKey && !event.ctrlKey) {
            event.preventDefault();
            session.look(item.element);
          }
        }}
      >
        <span className="relative-title">{item.title}</span>
        <span className="relative-place">
          {item.depth > 1 && <span>{item.depth} steps away</span>}
          {place !== undefined && <span>on {place}</span>}
        </span>
      </PageLink>
    </li>
  );
}

function Impact({
  session,
  dependents: { items, truncated },
}: {
  readonly session: BoardSession;
  readonly dependents: Relatives;
}) {
  const groups = useMemo(() => impactOf(items), [items]);
  const boards = useMemo(() => new Set(items.map(({ project, name }) => `${project}/${name}`)).size, [items]);
  if (items.length === 0) {
    return <p className="hint">A change here touches nothing else.</p>;
  }
  return (
    <>
      <p>
        A change here may touch{' '}
        <strong>
          {truncated ? 'more than ' : ''}
          {items.length === 1 ? 'one thing' : `${items.length} things`}
        </strong>{' '}
        in {boards === 1 ? 'one place' : `${boards} places`}.
      </p>
      {groups.map((group) => (
        <ImpactSection key={`${group.depth} ${group.type}`} session={session} group={group} />
      ))}
    </>
  );
}

function ImpactSection({ session, group }: { readonly session: BoardSession; readonly group: ImpactGroup }) {
  return (
    <section className="relatives">
      <h3>
        {group.depth === 1 ? 'Directly' : `After ${group.depth} steps`} · {group.type}{' '}
        <span className="count">{group.items.length}</span>
      </h3>
      <ul>
        {group.items.map((item) => (
          <RelativeRow key={keyOf(item)} session={session} item={item} />
        ))}
      </ul>
    </section>
  );
}

function keyOf({ project, name, element }: Relative): string {
  return JSON.stringify([project, name, element]);
}

/** The selected node as the server knows it: a node that stands for an entity is that entity. */
function useSubject(session: BoardSession): { about: Subject; title: string } | undefined {
  const { elements } = session;
  const selected = useSyncExternalStore(elements.subscribe, () => {
    const nodes = elements.selectedNodes();
    return nodes.length === 1 ? nodes[0] : undefined;
  });
  const node = selected?.data.node;
  const [id, entity, text] = [node?.id, node?.entity, node?.text ?? ''];
  return useMemo(() => {
    if (id === undefined) {
      return undefined;
    }
    const about = subjectOf(session.name, { id, entity });
    const title = text.split('\n')[0] ?? '';
    return { about, title: title === '' ? (entity ?? 'Node without text') : title };
  }, [session, id, entity, text]);
}

/** Shows on the canvas who is related, as long as the panel is open. */
function useHighlight(session: BoardSession, answers: Answers, view: View): void {
  const { highlight, elements } = session;
  useEffect(() => {
    if (answers.state !== 'answered') {
      highlight.set(undefined);
      return;
    }
    const dependents = seen(answers.dependents, view).items;
    const dependencies = view === 'impact' ? [] : seen(answers.dependencies, view).items;
    highlight.set(highlightOf(session.name, elements.nodes(), dependents, dependencies));
  }, [session, highlight, elements, answers, view]);
  useEffect(() => () => highlight.set(undefined), [highlight]);
}
