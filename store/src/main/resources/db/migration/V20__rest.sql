-- Says which content the row describes: a hash of the document's state vector and deletions; null if no flush has
-- written one yet.
alter table public.entity add column content_tag_bytes bytea;

-- Requests that must not happen twice, however often they are sent. Kept for a day.
--   request_sha256_bytes  what was asked: the same key for something else is refused
--   holder, held_until    who works on it, and how long that is believed
--   update_bytes          the edit that it comes to, written before it is applied: whoever goes on applies the same bytes,
--                         which changes nothing if they were applied before
--   answer                what was answered; null while nothing was
create table public.idempotency_key (
    org_id bigint not null references public.organisation,
    user_name text collate "C" not null,
    key text collate "C" not null check (octet_length(key) between 1 and 255),
    request_sha256_bytes bytea not null,
    holder uuid not null,
    held_until timestamptz not null,
    update_bytes bytea compression lz4,
    answer text compression lz4,
    created_at timestamptz not null default now(),
    primary key (org_id, user_name, key)
);

create index idempotency_key_created_at on public.idempotency_key (created_at);

-- Binary files of entities. What they contain never changes; small ones lie here, larger ones in an object of their own.
--   sha256_bytes  proven before the row was written
--   object        null if the content lies here
create table public.attachment (
    org_id bigint not null,
    entity_id bigint not null,
    attachment_id bigint generated always as identity,
    ulid uuid not null default uuidv7(),
    name text not null check (octet_length(name) between 1 and 255),
    content_type text collate "C" not null check (octet_length(content_type) between 1 and 255),
    size bigint not null check (size >= 0),
    sha256_bytes bytea not null check (octet_length(sha256_bytes) = 32),
    object text collate "C",
    content_bytes bytea compression lz4,
    author text,
    created_at timestamptz not null default now(),
    primary key (org_id, entity_id, attachment_id),
    unique (org_id, ulid),
    foreign key (org_id, entity_id) references public.entity,
    check ((object is null) <> (content_bytes is null))
);

create index attachment_object on public.attachment (object) where object is not null;

-- Uploads that somebody was told to put into object storage by themselves. Until the end of the upload nothing refers to
-- the object, so that one that is never ended goes as an orphan.
create table public.attachment_upload (
    org_id bigint not null,
    entity_id bigint not null,
    ulid uuid not null default uuidv7(),
    name text not null check (octet_length(name) between 1 and 255),
    content_type text collate "C" not null check (octet_length(content_type) between 1 and 255),
    size bigint not null,
    sha256_bytes bytea not null check (octet_length(sha256_bytes) = 32),
    object text collate "C" not null,
    author text,
    created_at timestamptz not null default now(),
    primary key (org_id, entity_id, ulid),
    foreign key (org_id, entity_id) references public.entity
);

create index attachment_upload_created_at on public.attachment_upload (created_at);

-- A project that is suspended or deleted lets nobody in. What is deleted can be restored until it is purged, some time
-- later; of a purged organisation nothing stays but this row, without its name, and its audit.
alter table public.project
    add suspended_at timestamptz,
    add deleted_at timestamptz;
alter table public.organisation add purged_at timestamptz;

create index project_deleted_at on public.project (deleted_at) where deleted_at is not null;
create index organisation_deleted_at on public.organisation (deleted_at) where deleted_at is not null;
