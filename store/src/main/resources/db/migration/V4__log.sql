create schema crdt;

-- The durable log of ticks: a row is what one entity got in one tick of one gateway, its updates as they came, each
-- after its length. Lives for minutes: partitions go when all their ticks are flushed.
create table crdt.journal (
    org_id bigint not null,
    entity_id bigint not null,
    gateway_id bigint not null,
    tick bigint not null,
    updates_bytes bytea compression lz4 not null,
    position bigint not null,
    created_at timestamptz not null default now(),
    primary key (org_id, entity_id, gateway_id, tick, created_at)
) partition by range (created_at);

-- What one flush wrote of one entity. format 1: one merged update; 2: updates each after its length, kept as they came.
-- All updates of the entity in the gateway's ticks up to last_tick are in this operation or an earlier one.
create table crdt.operation (
    org_id bigint not null,
    entity_id bigint not null,
    operation_id bigint generated always as identity,
    format smallint not null check (format in (1, 2)),
    update_bytes bytea compression lz4 not null,
    authors jsonb,
    gateway_id bigint not null,
    first_tick bigint not null,
    last_tick bigint not null,
    position bigint not null,
    created_at timestamptz not null default now(),
    primary key (org_id, entity_id, created_at, operation_id)
) partition by range (created_at);

-- An immutable state. Operations that it does not contain have position >= covered_position, and created_at >=
-- covered_from (which only serves to leave partitions out). The state lies inline, or in an object, or both.
create table crdt.snapshot (
    org_id bigint not null,
    entity_id bigint not null,
    snapshot_id bigint generated always as identity,
    parent_id bigint,
    sha256_bytes bytea not null,
    size bigint not null,
    state_vector_bytes bytea not null,
    covered_position bigint not null,
    covered_from timestamptz not null,
    object text,
    object_offset bigint,
    object_length bigint,
    state_bytes bytea compression lz4,
    created_at timestamptz not null default now(),
    primary key (org_id, entity_id, snapshot_id),
    foreign key (org_id, entity_id) references public.entity,
    check (state_bytes is not null or (object is not null and object_offset is not null and object_length is not null))
);

alter table public.entity
    add foreign key (org_id, entity_id, snapshot_id) references crdt.snapshot;

-- The change feed. Readers remember how far they are and read position >= that and < position_horizon(): nothing is
-- missed and nothing seen twice, whatever the order of commits.
create table public.change (
    org_id bigint not null,
    entity_id bigint not null,
    kind text not null check (kind in ('created', 'flushed', 'deleted')),
    position bigint not null,
    created_at timestamptz not null default now(),
    primary key (org_id, position, entity_id, kind, created_at)
) partition by range (created_at);

-- For readers of all organisations: rows come nearly in this order, so block ranges find them at next to no cost.
create index change_position on public.change using brin (position) with (pages_per_range = 16, autosummarize = on);

-- Makes partitions of the three tables until "ahead" from "at", each "width" long; answers how many it made.
-- Built aside and attached: creating them in place would lock writers out for a moment. The advisory lock lets
-- gateways that come at once take turns.
create function crdt.ensure_partitions(width interval, ahead interval, at timestamptz default clock_timestamp())
returns integer
language plpgsql
set timezone to 'UTC'
as $$
declare
    origin constant timestamptz := '2000-01-01 00:00:00+00';
    parent regclass;
    from_at timestamptz;
    until_at timestamptz;
    part text;
    made integer := 0;
begin
    perform pg_advisory_xact_lock(hashtext('boardwalk.ensure_partitions'));
    foreach parent in array array['crdt.journal', 'crdt.operation', 'public.change']::regclass[] loop
        -- One range behind the clock too, should it be set back.
        from_at := greatest(date_bin(width, at, origin) - width, crdt.partitions_end(parent));
        while from_at < at + ahead loop
            until_at := date_bin(width, from_at, origin) + width;
            select format('%I.%I', n.nspname, c.relname || '_' || to_char(from_at, 'YYYYMMDD_HH24MISS'))
            into part
            from pg_class c join pg_namespace n on n.oid = c.relnamespace
            where c.oid = parent;
            execute format('create table %s (like %s including all excluding identity)', part, parent);
            execute format('alter table %s attach partition %s for values from (%L) to (%L)',
                parent, part, from_at, until_at);
            made := made + 1;
            from_at := until_at;
        end loop;
    end loop;
    return made;
end
$$;

-- Up to when the partitions of a table reach; null if it has none.
create function crdt.partitions_end(parent regclass) returns timestamptz
language sql stable
as $$
    select max(substring(pg_get_expr(c.relpartbound, c.oid) from $re$TO \('([^']+)'\)$re$)::timestamptz)
    from pg_inherits i join pg_class c on c.oid = i.inhrelid
    where i.inhparent = parent
$$;

-- Raises the base if this database came from a server whose transaction ids were higher. Called at every start, before
-- anything is written; answers by how much it raised.
create function public.rebase_positions() returns bigint
language plpgsql
as $$
declare
    stored public.position_base;
    present bigint;
    newest bigint;
    server bigint;
    raised bigint := 0;
begin
    select system_identifier into server from pg_control_system();
    select * into stored from public.position_base for update;
    present := stored.base + pg_snapshot_xmax(pg_current_snapshot())::text::bigint;
    select coalesce(max(position), 0) into newest from public.gateway;
    if stored.system_identifier = server and newest <= present then
        return 0;
    end if;
    select greatest(
        newest,
        (select max(position) from public.change),
        (select max(position) from public.entity),
        (select max(position) from crdt.operation),
        (select max(position) from crdt.journal))
    into newest;
    if newest >= present then
        raised := newest - present + 1;
    end if;
    update public.position_base set base = base + raised, system_identifier = server;
    return raised;
end
$$;
