-- With what an entity began that an application filled when it was first opened. Whoever comes first decides; the
-- content itself then goes the way of every edit.
create table crdt.seed (
    org_id bigint not null,
    entity_id bigint not null,
    update_bytes bytea compression lz4 not null,
    created_at timestamptz not null default now(),
    primary key (org_id, entity_id),
    foreign key (org_id, entity_id) references public.entity
);
