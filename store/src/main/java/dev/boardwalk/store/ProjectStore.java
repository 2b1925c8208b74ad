package dev.boardwalk.store;

import io.vertx.core.Future;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.Tuple;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The projects of organisations and their states. Every change is one transaction with its audit row. Safe from any thread. */
public final class ProjectStore {
    private static final String PAGE = """
            select name, created_at, suspended_at, deleted_at from public.project
            where org_id = $1 and name > $2 order by name limit $3
            """;

    private static final String ALL = """
            select name, created_at, suspended_at, deleted_at from public.project
            where org_id = $1 and exists (
                select from public.project c
                where c.org_id = $1 and (c.suspended_at is not null or c.deleted_at is not null))
            """;

    private static final String CREATE = """
            with made as (
                insert into public.project (org_id, name) values ($1, $2) on conflict do nothing
                returning org_id, name, created_at, suspended_at, deleted_at
            ), noted as (
                insert into public.audit (org_id, actor, action, subject)
                select org_id, $3, 'project.created', name from made
            )
            select name, created_at, suspended_at, deleted_at from made
            """;

    /** In one statement with what tells the gateways. */
    private static final String CHANGE = """
            with changed as (
                update public.project set %s where org_id = $1 and name = $2 and %s returning org_id
            ), told as (
                insert into public.revocation (org_id, kind, value) select org_id, 'organisation', $2 from changed
            ), noted as (
                insert into public.audit (org_id, actor, action, subject) select org_id, $3, '%s', $2 from changed
            )
            select org_id from changed
            """;

    private static final String EXISTS = "select from public.project where org_id = $1 and name = $2";

    private final Pool queries;

    ProjectStore(Pool queries) {
        this.queries = queries;
    }

    /** What may be done to a project. Doing it again changes nothing. */
    public enum Change {
        SUSPEND("suspended_at = now()", "suspended_at is null", "project.suspended"),
        RESUME("suspended_at = null", "suspended_at is not null", "project.resumed"),
        DELETE("deleted_at = now()", "deleted_at is null", "project.deleted"),
        RESTORE("deleted_at = null", "deleted_at is not null", "project.restored");

        private final String sql;

        Change(String set, String where, String action) {
            this.sql = CHANGE.formatted(set, where, action);
        }
    }

    /** By name, from after one on, those included that let nobody in. */
    public Future<List<ProjectAccount>> page(OrganisationId organisation, String after, int limit) {
        return run("list projects", PAGE, Tuple.of(organisation.value(), after, limit))
                .map(ProjectStore::accounts);
    }

    /** All of an organisation if some of them let nobody in; else none. */
    public Future<List<ProjectAccount>> allIfSomeAreClosed(OrganisationId organisation) {
        return run("see which projects are closed", ALL, Tuple.of(organisation.value()))
                .map(ProjectStore::accounts);
    }

    /** Fails with {@link StoreException.Conflict} if there is one of this name. */
    public Future<ProjectAccount> create(OrganisationId organisation, String name, String actor) {
        return run("create project " + name, CREATE, Tuple.of(organisation.value(), name, actor))
                .compose(rows -> rows.size() == 0
                        ? Future.failedFuture(new StoreException.Conflict("there is a project " + name, null))
                        : Future.succeededFuture(accounts(rows).getFirst()));
    }

    /** Fails with {@link StoreException.NotFound}. */
    public Future<Void> change(OrganisationId organisation, String name, Change change, String actor) {
        return run("see project " + name, EXISTS, Tuple.of(organisation.value(), name))
                .compose(found -> found.size() == 0
                        ? Future.failedFuture(new StoreException.NotFound("there is no project " + name))
                        : run("change project " + name, change.sql, Tuple.of(organisation.value(), name, actor)))
                .mapEmpty();
    }

    private static List<ProjectAccount> accounts(RowSet<Row> rows) {
        List<ProjectAccount> accounts = new ArrayList<>();
        for (Row row : rows) {
            accounts.add(new ProjectAccount(
                    row.getString("name"),
                    row.getOffsetDateTime("created_at").toInstant(),
                    instant(row, "suspended_at"),
                    instant(row, "deleted_at")));
        }
        return List.copyOf(accounts);
    }

    private static @Nullable Instant instant(Row row, String column) {
        OffsetDateTime at = row.getOffsetDateTime(column);
        return at == null ? null : at.toInstant();
    }

    private Future<RowSet<Row>> run(String attempted, String sql, Tuple parameters) {
        return queries.preparedQuery(sql)
                .execute(parameters)
                .recover(failure -> Future.failedFuture(SqlErrors.of(attempted, failure)));
    }
}
