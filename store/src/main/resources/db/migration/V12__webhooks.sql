-- What is still to be told to the application that subscribed, and what it could not be told. Rows go when they are
-- delivered. Of each entity only the oldest row that is not dead is delivered, so the order holds.
--   due_at   not before; while a delivery is under way, until when it belongs to the one who delivers
--   dead_at  given up; stays until somebody has it delivered again
create table public.webhook_event (
    org_id bigint not null,
    event_id bigint generated always as identity,
    entity_id bigint not null,
    event text not null check (event in ('changed', 'created', 'deleted', 'snapshot', 'connected', 'disconnected')),
    details jsonb not null default '{}',
    position bigint,
    occurred_at timestamptz not null default clock_timestamp(),
    attempts integer not null default 0,
    due_at timestamptz not null default clock_timestamp(),
    dead_at timestamptz,
    last_error text,
    primary key (org_id, event_id)
);

create index webhook_event_pending on public.webhook_event (org_id, entity_id, event_id) where dead_at is null;
create index webhook_event_dead on public.webhook_event (org_id, event_id) where dead_at is not null;

-- A snapshot's place among the changes, so that it can be read like the feed.
alter table crdt.snapshot add column published_position bigint not null default public.current_position();
create index snapshot_published_position on crdt.snapshot using brin (published_position)
    with (pages_per_range = 16, autosummarize = on);
