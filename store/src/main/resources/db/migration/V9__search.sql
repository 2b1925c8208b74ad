-- What can be found: one document for each entity and each element of a board, its words, its vectors. All of it can be
-- derived again from the entities ("search rebuild").
create extension if not exists btree_gin with schema public;

create schema search;

-- The organisation that a question is about: set for the transaction by who asks, null otherwise (and nothing is found).
create function search.organisation() returns bigint
language sql stable parallel safe
as $$ select nullif(current_setting('boardwalk.org_id', true), '')::bigint $$;

-- element: '' for the entity itself. title and body are what people see; words is made of both, folded and stemmed;
-- terms are the distinct folded words that count in the vocabulary. text_hash_bytes: sha256 of title, body
-- and context. context: what a board's elements say, in short; it counts for the meaning of the board only.
-- changed_at: when the entity's flush brought this text. position: of that flush.
create table search.document (
    org_id bigint not null,
    entity_id bigint not null,
    element text collate "C" not null default '',
    project_id bigint not null,
    type text not null,
    title text not null,
    body text compression lz4 not null,
    language text not null,
    words tsvector not null,
    terms text[] compression lz4 collate "C" not null,
    text_hash_bytes bytea not null,
    changed_at timestamptz not null,
    position bigint not null,
    context text compression lz4 not null default '',
    primary key (org_id, entity_id, element)
);

-- Without a list of pending entries: every question would have to read through it.
create index document_words on search.document using gin (org_id, words) with (fastupdate = off);
create index document_title on search.document using gin (org_id, title gin_trgm_ops) with (fastupdate = off);

-- A way to turn text into a vector. Vectors of different models do not compare, nor need they be of one length.
create table search.model (
    model_id smallint generated always as identity primary key,
    name text not null unique
);

-- The vector of one chunk of a document. text_hash_bytes: of the text that was embedded.
create table search.embedding (
    org_id bigint not null,
    model_id smallint not null references search.model,
    entity_id bigint not null,
    element text collate "C" not null,
    chunk smallint not null,
    text_hash_bytes bytea not null,
    vector halfvec not null,
    primary key (org_id, model_id, entity_id, element, chunk),
    foreign key (org_id, entity_id, element) references search.document on delete cascade
);

create index embedding_document on search.embedding (org_id, entity_id, element);
create index embedding_text on search.embedding (org_id, model_id, text_hash_bytes);

-- Documents whose vectors are missing or of another model.
create table search.unembedded (
    org_id bigint not null,
    entity_id bigint not null,
    element text collate "C" not null,
    attempts integer not null default 0,
    due_at timestamptz not null default now(),
    reason text,
    primary key (org_id, entity_id, element),
    foreign key (org_id, entity_id, element) references search.document on delete cascade
);

create index unembedded_due on search.unembedded (due_at);

-- In how many documents of an organisation a word is: what misspelt words are compared with.
create table search.vocabulary (
    org_id bigint not null,
    word text collate "C" not null,
    documents bigint not null,
    primary key (org_id, word)
) with (fillfactor = 80);

create index vocabulary_trigrams on search.vocabulary using gin (org_id, word gin_trgm_ops) with (fastupdate = off);

-- Entities that could not be indexed, tried again at due_at.
create table search.failure (
    org_id bigint not null,
    entity_id bigint not null,
    reason text not null,
    attempts integer not null,
    due_at timestamptz not null,
    failed_at timestamptz not null default now(),
    primary key (org_id, entity_id)
);

-- The one indexer of all processes: who it is, how far it has read public.change (all below "position" is in), and
-- where a derivation of everything stands. A new database begins with one: entities may be older than this schema.
create table search.indexer (
    only_row boolean primary key default true check (only_row),
    position bigint not null default 0,
    holder uuid,
    lease_until timestamptz not null default '-infinity',
    model_id smallint references search.model,
    rebuild_org bigint,
    rebuild_entity bigint,
    rebuild_done bigint not null default 0,
    rebuild_total bigint not null default 0,
    rebuilds bigint not null default 0
);

insert into search.indexer (rebuild_org, rebuild_entity) values (0, 0);

insert into public.feed_consumer (name) values ('search');

-- Questions are asked as the role boardwalk_reader, which sees one organisation at a time.

create view search.entity with (security_barrier) as
select e.org_id, e.entity_id, e.project_id, e.name, e.ulid, p.name as project
from public.entity e join public.project p on p.org_id = e.org_id and p.project_id = e.project_id
where e.org_id = search.organisation() and e.deleted_at is null;

create view search.project with (security_barrier) as
select org_id, project_id, name from public.project where org_id = search.organisation();

alter table search.document enable row level security;
alter table search.embedding enable row level security;
alter table search.vocabulary enable row level security;
create policy document_organisation on search.document for select to boardwalk_reader using (org_id = search.organisation());
create policy embedding_organisation on search.embedding for select to boardwalk_reader using (org_id = search.organisation());
create policy vocabulary_organisation on search.vocabulary for select to boardwalk_reader using (org_id = search.organisation());

-- The operators of text search, trigrams and the like are not leakproof, so that under row-level security no index is
-- used for them. These functions run as their owner, past the policies, and name the organisation themselves.

create function search.matching(query tsquery, projects bigint[], wanted_type text, most integer)
returns table (entity_id bigint, element text, score real)
language sql stable security definer rows 100
set search_path = public, pg_catalog
as $$
    select d.entity_id, d.element, ts_rank(d.words, query, 1) as score
    from search.document d
    where d.org_id = search.organisation() and d.words @@ query
      and (projects is null or d.project_id = any (projects))
      and (wanted_type is null or d.type = wanted_type)
    order by score desc, d.entity_id, d.element
    limit most
$$;

create function search.titled(title text, projects bigint[], wanted_type text, most integer)
returns table (entity_id bigint, element text, score real)
language sql stable security definer rows 100
set search_path = public, pg_catalog
as $$
    select d.entity_id, d.element, word_similarity(titled.title, d.title) as score
    from search.document d
    where d.org_id = search.organisation() and titled.title <% d.title
      and (projects is null or d.project_id = any (projects))
      and (wanted_type is null or d.type = wanted_type)
    order by score desc, d.entity_id, d.element
    limit most
$$;

-- For each word that no document has (and that begins none, where it may be unfinished): the nearest that some have.
create function search.similar_words(asked text[], unfinished text)
returns table (word text, similar_word text, documents bigint)
language sql stable security definer rows 20
set search_path = public, pg_catalog
set pg_trgm.similarity_threshold = 0.2
as $$
    select a.word, v.word, v.documents
    from unnest(asked) a (word)
    cross join lateral (
        select k.word, k.documents from search.vocabulary k
        where k.org_id = search.organisation() and k.word % a.word
        order by similarity(k.word, a.word) desc, k.documents desc, k.word
        limit 30) v
    where not exists (
            select from search.vocabulary k where k.org_id = search.organisation() and k.word = a.word)
      and (unfinished is null or a.word <> unfinished or not exists (
            select from search.vocabulary k
            where k.org_id = search.organisation() and k.word >= a.word and k.word < a.word || U&'\+10FFFF'))
$$;

-- A text as its words are stored: folded as they are, and stemmed in the language.
create function search.words(folded text, text text, language regconfig) returns tsvector
language sql immutable parallel safe
set search_path = pg_catalog
as $$ select to_tsvector('simple', folded) || to_tsvector(language, text) $$;

-- A question in the syntax of web searches. Nobody knows its language: each is tried, and what comes to the same counts
-- once, lest the planner take the question for eight.
create function search.query(folded text, text text) returns tsquery
language sql immutable parallel safe
set search_path = pg_catalog
as $$
    select coalesce(string_agg(distinct '(' || q::text || ')', ' | '), '')::tsquery
    from (values
        (websearch_to_tsquery('simple', folded)),
        (websearch_to_tsquery('english', text)), (websearch_to_tsquery('german', text)),
        (websearch_to_tsquery('french', text)), (websearch_to_tsquery('spanish', text)),
        (websearch_to_tsquery('italian', text)), (websearch_to_tsquery('portuguese', text)),
        (websearch_to_tsquery('dutch', text))) as tried (q)
    where numnode(q) > 0
$$;

-- The same with the last word unfinished.
create function search.unfinished_query(folded text, text text, unfinished text) returns tsquery
language sql immutable parallel safe
set search_path = pg_catalog
as $$
    select case when folded = '' then to_tsquery('simple', quote_literal(unfinished) || ':*')
        else search.query(folded, text) && to_tsquery('simple', quote_literal(unfinished) || ':*') end
$$;

-- What every hit must have (phrases, word for word) and must not have (phrases, and words in any form); null without
-- either.
create function search.condition(folded text[], folded_not text[], texts_not text[]) returns tsquery
language plpgsql immutable parallel safe
set search_path = pg_catalog
as $$
declare
    result tsquery;
    part tsquery;
begin
    for i in 1 .. coalesce(array_length(folded, 1), 0) loop
        part := websearch_to_tsquery('simple', folded[i]);
        result := case when result is null then part else result && part end;
    end loop;
    for i in 1 .. coalesce(array_length(folded_not, 1), 0) loop
        part := !! case when folded_not[i] like '% %' then websearch_to_tsquery('simple', folded_not[i])
            else search.query(folded_not[i], texts_not[i]) end;
        result := case when result is null then part else result && part end;
    end loop;
    return result;
end
$$;

grant usage on schema search to boardwalk_reader;
grant select on search.document, search.embedding, search.vocabulary, search.model, search.indexer, search.entity,
    search.project to boardwalk_reader;
