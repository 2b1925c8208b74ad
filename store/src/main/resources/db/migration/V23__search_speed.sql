-- Where a word of the question is in most documents of a large organisation, ranking and sorting all of them took longer
-- than everything else. Of what matches, four times as many are ranked as are kept of a list: as the table has them,
-- since any order would have to be sorted for.
create or replace function search.matching(query tsquery, projects bigint[], wanted_type text, most integer)
returns table (entity_id bigint, element text, score real)
language sql stable security definer rows 100
set search_path = public, pg_catalog
as $$
    select c.entity_id, c.element, ts_rank(c.words, query, 1) as score
    from (
        select d.entity_id, d.element, d.words
        from search.document d
        where d.org_id = search.organisation() and d.words @@ query
          and (projects is null or d.project_id = any (projects))
          and (wanted_type is null or d.type = wanted_type)
        limit 4 * most) c
    order by score desc, c.entity_id, c.element
    limit most
$$;
