-- How far the compactor is: every operation with a position below covered_position is in a published snapshot or belongs
-- to a quarantined document; later ones have created_at >= covered_from.
create table crdt.compaction (
    only_row boolean primary key default true check (only_row),
    covered_position bigint not null default 0,
    covered_from timestamptz not null default '-infinity',
    finished_at timestamptz
);

insert into crdt.compaction default values;

-- Documents that cannot be folded: their operations stay as they are until somebody releases them for another attempt.
create table crdt.quarantine (
    org_id bigint not null,
    entity_id bigint not null,
    reason text not null,
    created_at timestamptz not null default now(),
    released_at timestamptz,
    primary key (org_id, entity_id),
    foreign key (org_id, entity_id) references public.entity
);

-- db-scheduler's table, as its version 16 wants it: whose turn it is.
create table crdt.scheduled_tasks (
    task_name text not null,
    task_instance text not null,
    task_data bytea,
    execution_time timestamptz not null,
    picked boolean not null,
    picked_by text,
    last_success timestamptz,
    last_failure timestamptz,
    consecutive_failures int,
    last_heartbeat timestamptz,
    version bigint not null,
    priority smallint,
    primary key (task_name, task_instance)
);

create index scheduled_tasks_execution_time on crdt.scheduled_tasks (execution_time);
create index scheduled_tasks_last_heartbeat on crdt.scheduled_tasks (last_heartbeat);
