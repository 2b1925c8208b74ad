-- How many documents a project or a type has, counted without reading them: whether few enough for an exact comparison
-- of their vectors where the organisation has many.
create index document_project on search.document (org_id, project_id, type);

-- What is set about the texts of a project. language: configuration by which they are stemmed, 'detect' to have it told
-- text by text, which goes for projects without a row too. derived_name: entities up to this name have been derived with
-- it, null when all have.
create table search.project_setting (
    org_id bigint not null,
    project_id bigint not null,
    language text not null,
    derived_name text collate "C",
    primary key (org_id, project_id),
    foreign key (org_id, project_id) references public.project on delete cascade
);

create index project_setting_underway on search.project_setting (org_id, project_id) where derived_name is not null;
