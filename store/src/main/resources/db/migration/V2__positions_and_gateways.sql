-- Position: one number that orders all changes of the database. It is the transaction's xid8 plus a base. The base is
-- zero until the database is restored into a server whose transaction ids start lower; rebase_positions() then raises
-- it, so that positions given out before stay in the past. Positions, not xids, are stored, so that rows from before
-- and after a restore compare.
create table public.position_base (
    only_row boolean primary key default true check (only_row),
    base bigint not null default 0,
    system_identifier bigint not null
);

insert into public.position_base (system_identifier)
select system_identifier from pg_control_system();

-- The position of the present transaction (which gets a transaction id by this). Call it once per statement: as the
-- default of a column it would run for every row.
create function public.current_position() returns bigint
language sql stable
as $$ select pg_current_xact_id()::text::bigint + base from public.position_base $$;

-- Every change with a position below this is visible by now, and none will be added: what readers of the feed may
-- take as read. (The greatest position seen is not such a bound: transactions commit out of order.)
create function public.position_horizon() returns bigint
language sql stable
as $$ select pg_snapshot_xmin(pg_current_snapshot())::text::bigint + base from public.position_base $$;

-- A process that edits: one row per start. The row is what fences it.
--   epoch    raised when a survivor claims the journal: writes under the old epoch then write nothing
--   attempt  raised before a tick whose answer was lost is sent again: the lost statement, should it still lie in some
--            buffer, then writes nothing
--   flushed_tick, flushed_from  ticks up to this one are flushed; later ones have created_at >= flushed_from
-- No other index: renewals, every few seconds, then stay within the page (HOT), and there are few rows.
create table public.gateway (
    gateway_id bigint generated always as identity primary key,
    epoch bigint not null default 1,
    attempt bigint not null default 0,
    address text not null,
    started_at timestamptz not null default now(),
    lease_until timestamptz not null,
    claimed_by bigint,
    flushed_tick bigint not null default 0,
    flushed_from timestamptz not null default now() - interval '1 minute',
    position bigint not null,
    retired_at timestamptz
) with (fillfactor = 25);

-- Readiness is a write that needs room on the disk: each row fills a page, so each insert extends the file.
create table public.probe (filler text not null);
alter table public.probe alter column filler set storage plain;
