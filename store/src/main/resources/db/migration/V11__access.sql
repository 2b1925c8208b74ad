-- Who may do what. An organisation that is suspended or deleted lets nobody in; deleted ones are purged after a grace
-- period, until then they can be restored.
alter table public.organisation
    add suspended_at timestamptz,
    add deleted_at timestamptz;

-- Roles that are kept here besides those of tokens; the higher one counts. project '' means every project.
create table public.member (
    org_id bigint not null references public.organisation,
    user_name text collate "C" not null check (octet_length(user_name) between 1 and 1024),
    project text collate "C" not null default '',
    role text not null check (role in ('reader', 'commenter', 'editor', 'owner')),
    created_at timestamptz not null default now(),
    primary key (org_id, user_name, project)
);

-- What reaches those who are in already: every gateway looks for new rows several times a second.
--   user, token, project  tokens given out until then are refused for that user, of that id, in that project
--   member                that user's role changed: they come in again
--   organisation          its state changed
create table public.revocation (
    org_id bigint not null references public.organisation,
    revocation_id bigint generated always as identity,
    kind text not null check (kind in ('user', 'token', 'project', 'member', 'organisation')),
    value text collate "C" not null,
    created_at timestamptz not null default clock_timestamp(),
    primary key (org_id, revocation_id)
);

create index revocation_created_at on public.revocation (created_at);

-- Who did what to whom. Rows are never changed.
create table public.audit (
    org_id bigint not null references public.organisation,
    audit_id bigint generated always as identity,
    actor text not null,
    action text not null,
    subject text not null,
    created_at timestamptz not null default now(),
    primary key (org_id, audit_id)
);
