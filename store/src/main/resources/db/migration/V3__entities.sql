create table public.organisation (
    org_id bigint generated always as identity primary key,
    ulid uuid not null default uuidv7() unique,
    name text collate "C" not null unique check (octet_length(name) between 1 and 255),
    created_at timestamptz not null default now()
);

-- The organisation of everybody while authentication is off.
insert into public.organisation (name) values ('local');

create table public.project (
    org_id bigint not null references public.organisation,
    project_id bigint generated always as identity,
    ulid uuid not null default uuidv7(),
    name text collate "C" not null check (octet_length(name) between 1 and 255),
    created_at timestamptz not null default now(),
    primary key (org_id, project_id),
    unique (org_id, name)
);

-- ulid: the public id (a uuid of version 7 is a ULID: milliseconds first, then chance).
-- properties, type, title, state_vector_bytes, size, position: as of the last flush; '\x00' is the state vector of an
-- empty document. position changes with every change of the row.
-- snapshot_id: the newest published snapshot; publishing is a compare-and-set on it.
create table public.entity (
    org_id bigint not null,
    entity_id bigint generated always as identity,
    project_id bigint not null,
    name text collate "C" not null check (octet_length(name) between 1 and 255),
    ulid uuid not null default uuidv7(),
    type text not null default 'document' check (octet_length(type) <= 1024),
    title text,
    properties jsonb compression lz4 not null default '{}',
    state_vector_bytes bytea not null default '\x00',
    size bigint not null default 0,
    position bigint not null,
    snapshot_id bigint,
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),
    deleted_at timestamptz,
    quarantined_at timestamptz,
    quarantine_reason text,
    primary key (org_id, entity_id),
    unique (org_id, ulid),
    foreign key (org_id, project_id) references public.project
) with (fillfactor = 80);

-- A name is taken only while its entity is not deleted.
create unique index entity_name on public.entity (org_id, project_id, name) where deleted_at is null;
create index entity_type on public.entity (org_id, project_id, type, name) where deleted_at is null;
create index entity_quarantined on public.entity (org_id, quarantined_at) where quarantined_at is not null;
