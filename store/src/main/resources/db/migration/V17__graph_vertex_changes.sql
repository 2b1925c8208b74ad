-- Whose names, types or titles changed, or those of their elements: what indexes of relationships keep of them in memory is
-- looked up again. Things that are new are in nobody's memory and make no row. Rows live as long as those of
-- graph.edge_change.
create table graph.vertex_change (
    position bigint not null,
    org_id bigint not null,
    entity_id bigint not null,
    created_at timestamptz not null default now(),
    primary key (position, org_id, entity_id)
);

create index vertex_change_created on graph.vertex_change using brin (created_at) with (pages_per_range = 16, autosummarize = on);

create function graph.entity_known_otherwise() returns trigger
language plpgsql
set search_path to public, ag_catalog
as $$
begin
    insert into graph.vertex_change (position, org_id, entity_id)
    select public.current_position(), new.org_id, new.entity_id
    on conflict do nothing;
    return null;
end
$$;

create trigger graph_known_otherwise after update on public.entity
for each row
when (old.name is distinct from new.name or old.type is distinct from new.type or old.title is distinct from new.title
    or old.deleted_at is distinct from new.deleted_at)
execute function graph.entity_known_otherwise();

create function graph.elements_known_otherwise() returns trigger
language plpgsql
set search_path to public, ag_catalog
as $$
begin
    insert into graph.vertex_change (position, org_id, entity_id)
    select here.position, changed.org_id, changed.entity_id
    from (select distinct org_id, entity_id from those) changed, (select public.current_position() as position) here
    on conflict do nothing;
    return null;
end
$$;

create trigger graph_known_otherwise_changed after update on graph.element
referencing new table as those
for each statement execute function graph.elements_known_otherwise();

create trigger graph_known_otherwise_gone after delete on graph.element
referencing old table as those
for each statement execute function graph.elements_known_otherwise();
