-- A version that somebody gave a name. Its state is that of the snapshot, which therefore stays for ever.
create table crdt.version (
    org_id bigint not null,
    entity_id bigint not null,
    name text collate "C" not null check (octet_length(name) between 1 and 255),
    snapshot_id bigint not null,
    author text,
    created_at timestamptz not null default now(),
    primary key (org_id, entity_id, name),
    foreign key (org_id, entity_id, snapshot_id) references crdt.snapshot
);

create index version_snapshot on crdt.version (org_id, entity_id, snapshot_id);

-- That an entity began as another one was at some time.
create table crdt.fork (
    org_id bigint not null,
    entity_id bigint not null,
    source_entity_id bigint not null,
    source_time timestamptz not null,
    author text,
    created_at timestamptz not null default now(),
    primary key (org_id, entity_id),
    foreign key (org_id, entity_id) references public.entity,
    foreign key (org_id, source_entity_id) references public.entity
);

create index fork_source on crdt.fork (org_id, source_entity_id);
