-- What gateways tell each other through the database, so that they find each other and notice what they missed.
--   last_tick        ticks up to this one at least are committed; renewed with the lease
--   cluster_address  host:port at which the others reach this gateway's relay; null if it takes part in none
alter table public.gateway
    add column last_tick bigint not null default 0,
    add column cluster_address text;

-- A word that only those know who may read this database: messages between gateways carry it.
create table public.relay_secret (
    only_row boolean primary key default true check (only_row),
    secret uuid not null default gen_random_uuid()
);

insert into public.relay_secret default values;
