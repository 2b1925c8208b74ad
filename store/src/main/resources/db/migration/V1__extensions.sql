-- AGE (relationships), pgvector and trigrams (search): made first, so that a server without them fails at once.
-- AGE brings its own schema, ag_catalog; sessions keep it last on their search_path (its types "edge" and "vertex"
-- would shadow tables of those names).
create extension if not exists age;
create extension if not exists vector with schema public;
create extension if not exists pg_trgm with schema public;
