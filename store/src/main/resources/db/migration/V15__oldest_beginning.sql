-- Before this, no transaction that could still write here has begun. Those of other databases cannot, and those of
-- autovacuum do not: it may run for hours. Two minutes less where sessions of other roles are hidden from us.
create or replace function crdt.oldest_beginning() returns timestamptz
language sql volatile
as $$
    select least(clock_timestamp(), min(a.xact_start))
         - case when bool_or(a.state is null) then interval '2 minutes' else interval '0' end
    from pg_stat_activity a
    where a.datname = current_database() and a.backend_type in ('client backend', 'parallel worker')
$$;
