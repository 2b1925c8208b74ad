-- A partition of crdt.operation on its way into the archive: claimed by a run, archived when all of its operations lie in
-- objects and were proven equal, dropped when the partition is gone. "claim" fences: who comes later takes it over, and
-- the one before then writes nothing more. "digest" is that of the rows; a partition that has another one is not dropped.
create table crdt.archived_partition (
    from_at timestamptz not null,
    until_at timestamptz not null,
    claim uuid not null,
    operations bigint,
    digest bigint,
    archived_at timestamptz,
    dropped_at timestamptz,
    primary key (from_at, until_at)
);

-- An object of archived operations.
create table crdt.archive_object (
    object_id bigint generated always as identity primary key,
    object text not null unique,
    from_at timestamptz not null,
    until_at timestamptz not null,
    created_at timestamptz not null default now(),
    foreign key (from_at, until_at) references crdt.archived_partition
);
create index archive_object_partition on crdt.archive_object (from_at, until_at);

-- Where archived operations of an entity lie: a block of those created from from_at to to_at (both included), one zstd
-- frame. sha256_bytes and size are those of the block before it was compressed. No operation of the entity with a
-- position above to_position is in it.
create table crdt.archive (
    org_id bigint not null,
    entity_id bigint not null,
    from_at timestamptz not null,
    to_at timestamptz not null,
    to_position bigint not null,
    operations integer not null,
    object_id bigint not null references crdt.archive_object,
    object_offset bigint not null,
    object_length bigint not null,
    size bigint not null,
    sha256_bytes bytea not null,
    primary key (org_id, entity_id, to_at, object_id, object_offset)
);
create index archive_object_order on crdt.archive (object_id, object_offset);

-- Archived operations below this position were removed by retention; without a row, none were.
create table crdt.archive_floor (
    org_id bigint not null,
    entity_id bigint not null,
    position bigint not null,
    primary key (org_id, entity_id)
);

-- Operations of documents that no snapshot contains (they are in quarantine, mostly), saved from a partition that went.
-- They are part of every load until a snapshot is proven to contain them.
create table crdt.kept_operation (
    org_id bigint not null,
    entity_id bigint not null,
    operation_id bigint not null,
    format smallint not null check (format in (1, 2)),
    update_bytes bytea compression lz4 not null,
    authors jsonb,
    gateway_id bigint not null,
    first_tick bigint not null,
    last_tick bigint not null,
    position bigint not null,
    created_at timestamptz not null,
    primary key (org_id, entity_id, operation_id)
);

-- How long versions of a project's entities are kept; without a row, the defaults of the columns. The newest version, the
-- one before it and named ones stay for ever.
create table crdt.retention_policy (
    org_id bigint not null,
    project_id bigint not null,
    hourly_for interval not null default '7 days',
    daily_for interval not null default '90 days',
    monthly_for interval,
    archive_for interval not null default '90 days',
    primary key (org_id, project_id),
    foreign key (org_id, project_id) references public.project
);
comment on column crdt.retention_policy.monthly_for is 'null: for ever';

-- Objects that no row names, since when: they are removed after a grace period. A doomed one may not be named any more
-- (content-addressed keys come back), also for a while after it is gone: somebody may have seen it before.
create table crdt.orphan_object (
    object text primary key,
    since timestamptz not null default now(),
    doomed_position bigint,
    removed_at timestamptz
);
create index snapshot_object on crdt.snapshot (object);

-- Snapshots whose object was found damaged or missing by somebody who needed it; the next run folds anew from what is left.
create table crdt.damaged_snapshot (
    org_id bigint not null,
    entity_id bigint not null,
    snapshot_id bigint not null,
    reason text not null,
    created_at timestamptz not null default now(),
    primary key (org_id, entity_id, snapshot_id)
);

-- Readers of public.change that must miss nothing: partitions of the feed are kept until everybody's position is above
-- what is in them.
create table public.feed_consumer (
    name text primary key,
    position bigint not null default 0,
    updated_at timestamptz not null default now()
);

-- The bounds of a partition; null for what is none.
create function crdt.partition_from(partition oid) returns timestamptz
language sql stable
as $$ select substring(pg_get_expr(c.relpartbound, c.oid) from $re$FROM \('([^']+)'\)$re$)::timestamptz
      from pg_class c where c.oid = partition $$;

create function crdt.partition_until(partition oid) returns timestamptz
language sql stable
as $$ select substring(pg_get_expr(c.relpartbound, c.oid) from $re$TO \('([^']+)'\)$re$)::timestamptz
      from pg_class c where c.oid = partition $$;

-- Before this, no transaction that runs has begun: nothing will be added with an earlier created_at. Two minutes less
-- where sessions of other roles are hidden from us.
create function crdt.oldest_beginning() returns timestamptz
language sql volatile
as $$
    select least(clock_timestamp(), min(a.xact_start))
         - case when bool_or(a.datname = current_database() and a.state is null
                             and a.backend_type = 'client backend')
                then interval '2 minutes' else interval '0' end
    from pg_stat_activity a
$$;
