-- Relationships. Schema "graph" holds who claims what (the truth), AGE's graph "relations" is what Cypher reads. Writers
-- touch graph.element and graph.claim only; triggers carry each statement on, set by set, in the same transaction:
--   public.entity -> vertices, references by name      graph.element -> vertices
--   graph.claim   -> graph.edge (one row however many claim it) -> AGE's edge tables and graph.edge_change
-- What looks for few rows in large tables is kept from scanning them: plans are made while tables are small.
-- A vertex is named by the number of its graphid: label << 48 | n, n being the entity_id or the element_id.
set local statement_timeout = 0;

create schema graph;

select ag_catalog.create_graph('relations');
select ag_catalog.create_vlabel('relations', 'Entity');
select ag_catalog.create_vlabel('relations', 'Element');
select ag_catalog.create_elabel('relations', label::cstring)
from unnest(array['DEPENDS_ON', 'CONTAINS', 'LINKS_TO', 'VERSION_OF', 'CONNECTS', 'RELATED']) with ordinality
  as labels (label, n)
order by n;

-- The numbers below are part of stored ids, so they have to be what AGE gave.
do $$
begin
    if array(select name::text || id from ag_catalog.ag_label order by id) is distinct from
        array['_ag_label_vertex1', '_ag_label_edge2', 'Entity3', 'Element4', 'DEPENDS_ON5', 'CONTAINS6', 'LINKS_TO7',
            'VERSION_OF8', 'CONNECTS9', 'RELATED10'] then
        raise exception 'Apache AGE numbered the labels of graph "relations" in an unknown way';
    end if;
end
$$;

create function graph.entity_vertex(entity_id bigint) returns bigint
language sql immutable parallel safe
as $$ select 3::bigint << 48 | entity_id $$;

create function graph.element_vertex(element_id bigint) returns bigint
language sql immutable parallel safe
as $$ select 4::bigint << 48 | element_id $$;

create function graph.graphid(vertex bigint) returns ag_catalog.graphid
language sql immutable parallel safe
as $$ select ag_catalog._graphid((vertex >> 48)::integer, vertex & 281474976710655) $$;

-- The label that edges of a type lie under: types without a label of their own are RELATED, with the type beside.
create function graph.label(type text) returns text
language sql immutable parallel safe
as $$ select case when type in ('DEPENDS_ON', 'CONTAINS', 'LINKS_TO', 'VERSION_OF', 'CONNECTS') then type else 'RELATED' end $$;

-- The public id of an entity: Crockford's base 32 of the uuid's 128 bits.
create function graph.ulid(id uuid) returns text
language sql immutable strict parallel safe
as $$
    select string_agg(substr('0123456789ABCDEFGHJKMNPQRSTVWXYZ', 1 + substring(bits from at for 5)::bit(5)::integer, 1), '' order by at)
    from (select ('00' || ('x' || replace(id::text, '-', ''))::bit(128)::text) as bits) here, generate_series(1, 126, 5) at
$$;

-- Elements of boards. key_hash is the hash of the element's name, computed by the writer. A node that stands for an
-- entity has no vertex of its own: "reference" names the entity, vertex_id is that one's, null while there is none.
create table graph.element (
    org_id bigint not null,
    entity_id bigint not null,
    key_hash bigint not null,
    element_id bigint generated always as identity,
    project_id bigint not null,
    name text collate "C" not null,
    type text not null,
    title text,
    reference text collate "C",
    vertex_id bigint,
    vertex_project_id bigint,
    primary key (org_id, entity_id, key_hash)
);

create index element_id on graph.element (org_id, element_id);
create index element_reference on graph.element (org_id, reference) where reference is not null;

-- Who says that a relationship exists: the content of entity claimant_id (derived at each flush), or somebody by hand
-- (then claimant_id is the source). An end that is given by name stays unresolved, its id null, while there is no such
-- entity.
create table graph.claim (
    org_id bigint not null,
    claimant_id bigint not null,
    by_hand boolean not null,
    claim_hash bigint not null,
    project_id bigint not null,
    type text collate "C" not null,
    source text collate "C",
    source_id bigint,
    source_project_id bigint,
    target text collate "C",
    target_id bigint,
    target_project_id bigint,
    properties jsonb,
    primary key (org_id, claimant_id, by_hand, claim_hash)
);

create index claim_source on graph.claim (org_id, source) where source is not null;
create index claim_target on graph.claim (org_id, target) where target is not null;

-- What the content of an entity was derived to: a digest for each of 256 parts of its elements and claims (one digest
-- for few of them), so that a flush reads and writes the parts that changed only.
create table graph.derived (
    org_id bigint not null,
    entity_id bigint not null,
    digests bigint[] not null,
    ignored integer not null default 0,
    ignored_example text,
    primary key (org_id, entity_id)
);

-- A relationship: exists while claims > 0. n of its AGE id is edge_id.
create table graph.edge (
    org_id bigint not null,
    source_id bigint not null,
    target_id bigint not null,
    type text collate "C" not null,
    edge_id bigint generated always as identity,
    claims integer not null,
    source_project_id bigint not null,
    target_project_id bigint not null,
    primary key (org_id, source_id, target_id, type)
);

create index edge_reverse on graph.edge (org_id, target_id, source_id, type);

-- The feed of the dependency indexes. Read by position below position_horizon(); among changes of one edge the order is
-- that of change_id (they wait for each other's row). Rows live for minutes: an index that is further back than
-- graph.feed.pruned_position loads anew.
create table graph.edge_change (
    position bigint not null,
    change_id bigint generated always as identity,
    org_id bigint not null,
    source_id bigint not null,
    target_id bigint not null,
    type text collate "C" not null,
    source_project_id bigint not null,
    target_project_id bigint not null,
    added boolean not null,
    created_at timestamptz not null default now(),
    primary key (position, change_id)
);

create index edge_change_created on graph.edge_change using brin (created_at) with (pages_per_range = 16, autosummarize = on);

create table graph.feed (
    only_row boolean primary key default true check (only_row),
    pruned_position bigint not null default 0
);

insert into graph.feed default values;

-- AGE's tables: no two vertices of one id (their key), no two edges of a type between the same ends.
do $$
declare
    part text;
begin
    foreach part in array array['Entity', 'Element'] loop
        execute format('create index %I on relations.%I (ag_catalog.agtype_access_operator(variadic array[properties, ''"org_id"''::ag_catalog.agtype]))',
            lower(part) || '_org', part);
    end loop;
    execute 'create index entity_name on relations."Entity" (ag_catalog.agtype_access_operator(variadic array[properties, ''"name"''::ag_catalog.agtype]))';
    execute 'create unique index entity_entity_id on relations."Entity" (ag_catalog.agtype_access_operator(variadic array[properties, ''"entity_id"''::ag_catalog.agtype]))';
    execute 'create index element_entity_id on relations."Element" (ag_catalog.agtype_access_operator(variadic array[properties, ''"entity_id"''::ag_catalog.agtype]))';
    execute 'create index element_element on relations."Element" (ag_catalog.agtype_access_operator(variadic array[properties, ''"element"''::ag_catalog.agtype]))';
    foreach part in array array['DEPENDS_ON', 'CONTAINS', 'LINKS_TO', 'VERSION_OF', 'CONNECTS', 'RELATED'] loop
        execute format('drop index relations.%I', part || '_start_id_idx');
        execute format('drop index relations.%I', part || '_end_id_idx');
        execute format('create unique index %I on relations.%I (start_id, end_id%s)', lower(part) || '_ends', part,
            case when part = 'RELATED' then ', ag_catalog.agtype_access_operator(variadic array[properties, ''"type"''::ag_catalog.agtype])' else '' end);
        execute format('create index %I on relations.%I (end_id, start_id)', lower(part) || '_reverse', part);
    end loop;
end
$$;

-- Locks taken around names, so that a reference and the entity that it means cannot miss each other: whoever writes
-- references shares the locks of their texts, whoever makes, renames or deletes an entity has those of its names alone.
-- 256 of them in all organisations together, taken in one order.
create function graph.lock_names(orgs bigint[], names text[], alone boolean) returns void
language plpgsql
set search_path to public, ag_catalog
as $$
declare
    part integer;
begin
    for part in
        select distinct hashtextextended(name, org) & 255 from unnest(orgs, names) given (org, name) order by 1
    loop
        if alone then
            perform pg_advisory_xact_lock(1198678864, part);
        else
            perform pg_advisory_xact_lock_shared(1198678864, part);
        end if;
    end loop;
end
$$;

-- The entity that a reference in this project means: one of that name in the project itself, or "project/name".
create function graph.resolved(org bigint, project bigint, reference text)
returns table (entity_id bigint, project_id bigint)
language sql stable rows 1
as $$
    select e.entity_id, e.project_id
    from (
        select 0 as preference, project as project_id, reference as name
        union all
        select 1, p.project_id, substr(reference, strpos(reference, '/') + 1)
        from public.project p
        where p.org_id = org and strpos(reference, '/') > 1 and p.name = left(reference, strpos(reference, '/') - 1)
    ) place
    join public.entity e
      on e.org_id = org and e.project_id = place.project_id and e.name = place.name and e.deleted_at is null
    order by place.preference
    limit 1
$$;

-- Looks again what the references with these texts mean. The caller has their locks.
create function graph.resolve_names(org bigint, names text[]) returns void
language plpgsql
set search_path to public, ag_catalog
set enable_seqscan to off
set enable_hashjoin to off
set enable_mergejoin to off
as $$
begin
    update graph.element x
    set vertex_id = graph.entity_vertex(found.entity_id), vertex_project_id = found.project_id
    from graph.element e left join lateral graph.resolved(org, e.project_id, e.reference) found on true
    where e.org_id = org and e.reference = any (names)
      and x.org_id = e.org_id and x.entity_id = e.entity_id and x.key_hash = e.key_hash
      and x.vertex_id is distinct from graph.entity_vertex(found.entity_id);
    update graph.claim x
    set source_id = graph.entity_vertex(found.entity_id), source_project_id = found.project_id
    from graph.claim c left join lateral graph.resolved(org, c.project_id, c.source) found on true
    where c.org_id = org and c.source = any (names)
      and x.org_id = c.org_id and x.claimant_id = c.claimant_id and x.by_hand = c.by_hand and x.claim_hash = c.claim_hash
      and x.source_id is distinct from graph.entity_vertex(found.entity_id);
    update graph.claim x
    set target_id = graph.entity_vertex(found.entity_id), target_project_id = found.project_id
    from graph.claim c left join lateral graph.resolved(org, c.project_id, c.target) found on true
    where c.org_id = org and c.target = any (names)
      and x.org_id = c.org_id and x.claimant_id = c.claimant_id and x.by_hand = c.by_hand and x.claim_hash = c.claim_hash
      and x.target_id is distinct from graph.entity_vertex(found.entity_id);
end
$$;

-- Entities ---------------------------------------------------------------------------------------------------------

create function graph.entities_made() returns trigger
language plpgsql
set search_path to public, ag_catalog
as $$
declare
    org bigint;
    names text[];
begin
    insert into relations."Entity" (id, properties)
    select ag_catalog._graphid(3, m.entity_id), ag_catalog.agtype_build_map_nonull(
        'org_id', m.org_id, 'entity_id', m.entity_id, 'project_id', m.project_id, 'project', p.name,
        'id', graph.ulid(m.ulid), 'name', m.name, 'type', m.type, 'title', m.title)
    from made m join public.project p on p.org_id = m.org_id and p.project_id = m.project_id
    where m.deleted_at is null
    on conflict (id) do nothing;
    perform graph.lock_names(
        array_agg(m.org_id) || array_agg(m.org_id), array_agg(m.name) || array_agg(p.name || '/' || m.name), true)
    from made m join public.project p on p.org_id = m.org_id and p.project_id = m.project_id
    where m.deleted_at is null;
    for org, names in
        select m.org_id, array_agg(m.name) || array_agg(p.name || '/' || m.name)
        from made m join public.project p on p.org_id = m.org_id and p.project_id = m.project_id
        where m.deleted_at is null
        group by m.org_id order by m.org_id
    loop
        perform graph.resolve_names(org, names);
    end loop;
    return null;
end
$$;

create trigger graph_made after insert on public.entity
referencing new table as made
for each statement execute function graph.entities_made();

create function graph.entity_changed() returns trigger
language plpgsql
set search_path to public, ag_catalog
as $$
declare
    project_name text;
    names text[];
    vertex ag_catalog.graphid := ag_catalog._graphid(3, old.entity_id);
begin
    select name into project_name from public.project where org_id = new.org_id and project_id = new.project_id;
    names := array[old.name, project_name || '/' || old.name];
    if old.name <> new.name then
        names := names || array[new.name, project_name || '/' || new.name];
    end if;
    if old.name <> new.name or (old.deleted_at is null) <> (new.deleted_at is null) then
        perform graph.lock_names(array_fill(new.org_id, array[cardinality(names)]), names, true);
    end if;
    if new.deleted_at is not null then
        delete from graph.claim where org_id = old.org_id and claimant_id = old.entity_id;
        delete from graph.element where org_id = old.org_id and entity_id = old.entity_id;
        delete from graph.derived where org_id = old.org_id and entity_id = old.entity_id;
        delete from relations."Entity" where id = vertex;
    else
        insert into relations."Entity" (id, properties)
        values (vertex, ag_catalog.agtype_build_map_nonull(
            'org_id', new.org_id, 'entity_id', new.entity_id, 'project_id', new.project_id, 'project', project_name,
            'id', graph.ulid(new.ulid), 'name', new.name, 'type', new.type, 'title', new.title))
        on conflict (id) do update set properties = excluded.properties;
    end if;
    if old.name <> new.name or (old.deleted_at is null) <> (new.deleted_at is null) then
        perform graph.resolve_names(new.org_id, names);
    end if;
    return null;
end
$$;

create trigger graph_changed after update on public.entity
for each row
when (old.name is distinct from new.name or old.type is distinct from new.type or old.title is distinct from new.title
    or old.deleted_at is distinct from new.deleted_at)
execute function graph.entity_changed();

-- Elements ---------------------------------------------------------------------------------------------------------

create function graph.elements_made() returns trigger
language plpgsql
set search_path to public, ag_catalog
as $$
begin
    insert into relations."Element" (id, properties)
    select ag_catalog._graphid(4, m.element_id), ag_catalog.agtype_build_map_nonull(
        'org_id', m.org_id, 'entity_id', m.entity_id, 'project_id', m.project_id, 'project', board.project,
        'id', board.id, 'name', board.name, 'element', m.name, 'type', m.type, 'title', m.title)
    from (
        select e.org_id, e.entity_id, e.name, p.name as project, graph.ulid(e.ulid) as id
        from (select distinct org_id, entity_id from made) boards
        join public.entity e on e.org_id = boards.org_id and e.entity_id = boards.entity_id
        join public.project p on p.org_id = e.org_id and p.project_id = e.project_id
        offset 0
    ) board
    join made m on m.org_id = board.org_id and m.entity_id = board.entity_id
    where m.reference is null
    on conflict (id) do update set properties = excluded.properties;
    return null;
end
$$;

create function graph.elements_gone() returns trigger
language plpgsql
set search_path to public, ag_catalog
set enable_seqscan to off
set enable_hashjoin to off
set enable_mergejoin to off
as $$
begin
    delete from relations."Element" v using gone g where v.id = ag_catalog._graphid(4, g.element_id);
    return null;
end
$$;

create trigger graph_made after insert on graph.element
referencing new table as made
for each statement execute function graph.elements_made();

create trigger graph_changed after update on graph.element
referencing new table as made
for each statement execute function graph.elements_made();

create trigger graph_gone after delete on graph.element
referencing old table as gone
for each statement execute function graph.elements_gone();

-- Claims -> edges ----------------------------------------------------------------------------------------------------

create function graph.claims_made() returns trigger
language plpgsql
set search_path to public, ag_catalog
as $$
begin
    insert into graph.edge as e (org_id, source_id, target_id, type, claims, source_project_id, target_project_id)
    select org_id, source_id, target_id, type, count(*), min(source_project_id), min(target_project_id)
    from made
    where source_id is not null and target_id is not null
    group by org_id, source_id, target_id, type
    order by org_id, source_id, target_id, type
    on conflict (org_id, source_id, target_id, type) do update set claims = e.claims + excluded.claims;
    return null;
end
$$;

create function graph.claims_gone() returns trigger
language plpgsql
set search_path to public, ag_catalog
set enable_seqscan to off
set enable_hashjoin to off
set enable_mergejoin to off
as $$
begin
    -- An edge that somebody else claims meanwhile is looked at again after the wait, and then not deleted.
    delete from graph.edge e
    using (
        select org_id, source_id, target_id, type, count(*) as claims from gone
        where source_id is not null and target_id is not null
        group by org_id, source_id, target_id, type
    ) less
    where e.org_id = less.org_id and e.source_id = less.source_id and e.target_id = less.target_id and e.type = less.type
      and e.claims <= less.claims;
    update graph.edge e
    set claims = e.claims - less.claims
    from (
        select org_id, source_id, target_id, type, count(*) as claims from gone
        where source_id is not null and target_id is not null
        group by org_id, source_id, target_id, type
    ) less
    where e.org_id = less.org_id and e.source_id = less.source_id and e.target_id = less.target_id and e.type = less.type;
    return null;
end
$$;

create trigger graph_made after insert on graph.claim
referencing new table as made
for each statement execute function graph.claims_made();

create trigger graph_gone after delete on graph.claim
referencing old table as gone
for each statement execute function graph.claims_gone();

-- In the order of their names: what stays claimed is not taken away in between.
create trigger graph_changed_1_made after update on graph.claim
referencing new table as made
for each statement execute function graph.claims_made();

create trigger graph_changed_2_gone after update on graph.claim
referencing old table as gone
for each statement execute function graph.claims_gone();

-- Edges -> AGE and the feed ------------------------------------------------------------------------------------------

create function graph.edges_made() returns trigger
language plpgsql
set search_path to public, ag_catalog
as $$
declare
    part text;
begin
    insert into graph.edge_change
        (position, org_id, source_id, target_id, type, source_project_id, target_project_id, added)
    select here.position, org_id, source_id, target_id, type, source_project_id, target_project_id, true
    from made, (select public.current_position() as position) here;
    for part in select distinct graph.label(type) from made loop
        execute format($sql$
            insert into relations.%1$I (id, start_id, end_id, properties)
            select ag_catalog._graphid(%2$s, edge_id), graph.graphid(source_id), graph.graphid(target_id),
                ag_catalog.agtype_build_map_nonull('org_id', org_id, 'source_project_id', source_project_id,
                    'target_project_id', target_project_id, 'type', case when %3$L then type end)
            from made where graph.label(type) = %1$L
            on conflict do nothing
            $sql$, part, array_position(array['DEPENDS_ON', 'CONTAINS', 'LINKS_TO', 'VERSION_OF', 'CONNECTS', 'RELATED'], part) + 4,
            part = 'RELATED');
    end loop;
    return null;
end
$$;

create function graph.edges_gone() returns trigger
language plpgsql
set search_path to public, ag_catalog
set enable_seqscan to off
set enable_hashjoin to off
set enable_mergejoin to off
as $$
declare
    part text;
begin
    insert into graph.edge_change
        (position, org_id, source_id, target_id, type, source_project_id, target_project_id, added)
    select here.position, org_id, source_id, target_id, type, source_project_id, target_project_id, false
    from gone, (select public.current_position() as position) here;
    for part in select distinct graph.label(type) from gone loop
        execute format($sql$
            delete from relations.%1$I e using gone g
            where e.start_id = graph.graphid(g.source_id) and e.end_id = graph.graphid(g.target_id)
              and e.id = ag_catalog._graphid(%2$s, g.edge_id)
            $sql$, part, array_position(array['DEPENDS_ON', 'CONTAINS', 'LINKS_TO', 'VERSION_OF', 'CONNECTS', 'RELATED'], part) + 4);
    end loop;
    return null;
end
$$;

create trigger graph_made after insert on graph.edge
referencing new table as made
for each statement execute function graph.edges_made();

create trigger graph_gone after delete on graph.edge
referencing old table as gone
for each statement execute function graph.edges_gone();

-- Forks: the version tree is part of the graph. Claimed like something set by hand, by the fork.
create function graph.forks_made() returns trigger
language plpgsql
set search_path to public, ag_catalog
as $$
begin
    insert into graph.claim (org_id, claimant_id, by_hand, claim_hash, project_id, type, source_id, source_project_id,
        target, target_id, target_project_id, properties)
    select f.org_id, f.entity_id, true, hashtextextended('fork', f.source_entity_id), e.project_id, 'VERSION_OF',
        graph.entity_vertex(f.entity_id), e.project_id,
        case when s.project_id = e.project_id then s.name else p.name || '/' || s.name end,
        case when s.deleted_at is null then graph.entity_vertex(s.entity_id) end,
        case when s.deleted_at is null then s.project_id end,
        jsonb_build_object('time', f.source_time)
    from made f
    join public.entity e on e.org_id = f.org_id and e.entity_id = f.entity_id
    join public.entity s on s.org_id = f.org_id and s.entity_id = f.source_entity_id
    join public.project p on p.org_id = s.org_id and p.project_id = s.project_id
    where e.deleted_at is null
    on conflict do nothing;
    return null;
end
$$;

create trigger graph_made after insert on crdt.fork
referencing new table as made
for each statement execute function graph.forks_made();

-- Entities that are there already; their contents are derived at their next flush, or by "graph rebuild".
insert into relations."Entity" (id, properties)
select ag_catalog._graphid(3, e.entity_id), ag_catalog.agtype_build_map_nonull(
    'org_id', e.org_id, 'entity_id', e.entity_id, 'project_id', e.project_id, 'project', p.name,
    'id', graph.ulid(e.ulid), 'name', e.name, 'type', e.type, 'title', e.title)
from public.entity e join public.project p on p.org_id = e.org_id and p.project_id = e.project_id
where e.deleted_at is null;

-- A dump names AGE's graphs by numbers of the server that it came from (apache/age#2503). Called at every start.
create function graph.cure() returns integer
language plpgsql
set search_path to public, ag_catalog
as $$
declare
    cured integer;
begin
    if not exists (select from ag_catalog.ag_graph where graphid <> namespace::oid) then
        return 0;
    end if;
    with graphs as (
        update ag_catalog.ag_graph set graphid = namespace::oid where graphid <> namespace::oid
        returning old.graphid as before, new.graphid as after
    )
    update ag_catalog.ag_label l set graph = graphs.after from graphs where l.graph = graphs.before;
    get diagnostics cured = row_count;
    return cured;
exception when insufficient_privilege then
    raise warning 'the graph was restored under other numbers, and only the owner of Apache AGE may set them right: select graph.cure()';
    return 0;
end
$$;

-- Who reads: a role without any right to write, which sees the rows of boardwalk.org_id and, when boardwalk.projects is
-- set (an array of project numbers), of these projects only. Roles belong to the whole server: another database of
-- ours may have made it already, or be making it now.
do $$
begin
    if not exists (select from pg_roles where rolname = 'boardwalk_reader') then
        begin
            execute 'create role boardwalk_reader nologin noinherit nosuperuser nocreatedb nocreaterole nobypassrls';
        exception
            when duplicate_object or unique_violation then null;
            when insufficient_privilege then
                raise exception 'role "boardwalk_reader" is missing and user "%" may not create it', current_user
                    using hint = format('Let an administrator run: create role boardwalk_reader nologin; grant boardwalk_reader to %I', current_user);
        end;
    end if;
    if not pg_has_role(current_user, 'boardwalk_reader', 'set') then
        begin
            execute format('grant boardwalk_reader to %I', current_user);
        exception when insufficient_privilege then
            raise exception 'user "%" may not act as role "boardwalk_reader"', current_user
                using hint = format('Let an administrator run: grant boardwalk_reader to %I', current_user);
        end;
    end if;
end
$$;

create function graph.reader_organisation() returns ag_catalog.agtype
language sql stable parallel safe
as $$ select nullif(current_setting('boardwalk.org_id', true), '')::bigint::ag_catalog.agtype $$;

create function graph.reader_projects() returns bigint[]
language sql stable parallel safe
as $$ select nullif(current_setting('boardwalk.projects', true), '')::bigint[] $$;

grant usage on schema ag_catalog, relations, graph to boardwalk_reader;
grant select on all tables in schema relations to boardwalk_reader;
grant select on ag_catalog.ag_graph, ag_catalog.ag_label to boardwalk_reader;

-- Parents too: a MATCH without a label reads them, and their rules are the only ones that count then.
do $$
declare
    part text;
    org constant text := 'ag_catalog.agtype_access_operator(variadic array[properties, ''"org_id"''::ag_catalog.agtype]) = (select graph.reader_organisation())';
    project constant text := '((select graph.reader_projects()) is null or ag_catalog.agtype_access_operator(variadic array[properties, ''"%s"''::ag_catalog.agtype])::bigint = any ((select graph.reader_projects())::bigint[]))';
begin
    foreach part in array array['_ag_label_vertex', 'Entity', 'Element'] loop
        execute format('alter table relations.%I enable row level security', part);
        execute format('create policy reader on relations.%I for select to boardwalk_reader using (%s and %s)',
            part, org, format(project, 'project_id'));
    end loop;
    foreach part in array array['_ag_label_edge', 'DEPENDS_ON', 'CONTAINS', 'LINKS_TO', 'VERSION_OF', 'CONNECTS', 'RELATED'] loop
        execute format('alter table relations.%I enable row level security', part);
        execute format('create policy reader on relations.%I for select to boardwalk_reader using (%s and %s and %s)',
            part, org, format(project, 'source_project_id'), format(project, 'target_project_id'));
    end loop;
end
$$;

-- Under row-level security only leakproof conditions reach an index before the rules are applied; comparing ids tells
-- nobody anything. Needs a superuser, and only makes things faster.
do $$
declare
    part regprocedure;
begin
    for part in select oid::regprocedure from pg_proc where proname in ('graphid_eq', 'graphid_lt', 'graphid_le', 'graphid_gt', 'graphid_ge') and pronamespace = 'ag_catalog'::regnamespace loop
        execute format('alter function %s leakproof', part);
    end loop;
exception when insufficient_privilege then
    raise notice 'Cypher will be slower: only a superuser may mark the comparison of graph ids as leakproof';
end
$$;
