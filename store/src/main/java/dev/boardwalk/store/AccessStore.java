package dev.boardwalk.store;

import dev.boardwalk.store.Revocation.Kind;
import io.vertx.core.Future;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.Tuple;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Organisations, the roles of their users, revocations, and who did what. Every change is one transaction with its audit
 * row. Safe from any thread.
 */
public final class AccessStore {
    private static final String ACCOUNT = "org_id, name, created_at, suspended_at, deleted_at";

    private static final String NAMED = "select " + ACCOUNT + " from public.organisation where name = $1";

    private static final String CREATE = "insert into public.organisation (name) values ($1) on conflict do nothing";

    private static final String PAGE = "select " + ACCOUNT
            + " from public.organisation where name > $1 and deleted_at is null order by name limit $2";

    /** $1 name, $2 the new suspension, $3 actor, $4 action; in one statement with what tells the gateways. */
    private static final String CHANGE = """
            with changed as (
                update public.organisation set %s where name = $1 and %s
                returning org_id
            ), told as (
                insert into public.revocation (org_id, kind, value) select org_id, 'organisation', '' from changed
            ), noted as (
                insert into public.audit (org_id, actor, action, subject) select org_id, $2, $3, $1 from changed
            )
            select org_id from changed
            """;

    private static final String SUSPEND = CHANGE.formatted("suspended_at = now()", "suspended_at is null");
    private static final String RESUME = CHANGE.formatted("suspended_at = null", "suspended_at is not null");
    private static final String DELETE = CHANGE.formatted("deleted_at = now()", "deleted_at is null");
    private static final String RESTORE =
            CHANGE.formatted("deleted_at = null", "deleted_at is not null and purged_at is null");

    private static final String MEMBERS = """
            select user_name, project, role from public.member
            where org_id = $1 and (user_name, project) > ($2, $3) order by user_name, project limit $4
            """;

    private static final String ROLES = "select project, role from public.member where org_id = $1 and user_name = $2";

    private static final String PUT_MEMBER = """
            with put as (
                insert into public.member (org_id, user_name, project, role) values ($1, $2, $3, $4)
                on conflict (org_id, user_name, project) do update set role = excluded.role
                where member.role <> excluded.role
                returning org_id
            ), told as (
                insert into public.revocation (org_id, kind, value) select org_id, 'member', $2 from put
            )
            insert into public.audit (org_id, actor, action, subject)
            select org_id, $5, 'member.put', $2 || ' ' || $4 || case when $3 = '' then '' else ' in ' || $3 end from put
            """;

    private static final String REMOVE_MEMBER = """
            with removed as (
                delete from public.member where org_id = $1 and user_name = $2 and project = $3 returning org_id
            ), told as (
                insert into public.revocation (org_id, kind, value) select org_id, 'member', $2 from removed
            ), noted as (
                insert into public.audit (org_id, actor, action, subject)
                select org_id, $4, 'member.removed', $2 || case when $3 = '' then '' else ' in ' || $3 end from removed
            )
            select org_id from removed
            """;

    private static final String REVOKE = """
            with revoked as (
                insert into public.revocation (org_id, kind, value) values ($1, $2, $3) returning org_id, created_at
            ), noted as (
                insert into public.audit (org_id, actor, action, subject)
                select org_id, $4, 'revoked.' || $2, $3 from revoked
            )
            select created_at from revoked
            """;

    private static final String REVOCATIONS = """
            select revocation_id, org_id, kind, value, created_at from public.revocation
            where created_at > clock_timestamp() - $1 * interval '1 millisecond' order by revocation_id
            """;

    private static final String AUDIT = """
            select audit_id, actor, action, subject, created_at from public.audit
            where org_id = $1 and audit_id < $2 order by audit_id desc limit $3
            """;

    private final Pool queries;

    AccessStore(Pool queries) {
        this.queries = queries;
    }

    /** The organisation of a name, made on first use. */
    public Future<OrganisationAccount> organisation(String name) {
        return run("find organisation " + name, NAMED, Tuple.of(name))
                .compose(found -> found.size() > 0
                        ? Future.succeededFuture(found)
                        : run("make organisation " + name, CREATE, Tuple.of(name))
                                .compose(_ -> run("find organisation " + name, NAMED, Tuple.of(name))))
                .map(rows -> account(rows.iterator().next()));
    }

    /** Whether there is an organisation of this name, open or not. */
    public Future<Boolean> exists(String name) {
        return run("find organisation " + name, NAMED, Tuple.of(name)).map(rows -> rows.size() > 0);
    }

    /** Organisations that are not deleted, by name, from after a name on. */
    public Future<List<OrganisationAccount>> organisations(String after, int limit) {
        return run("list organisations", PAGE, Tuple.of(after, limit)).map(rows -> {
            List<OrganisationAccount> accounts = new ArrayList<>();
            rows.forEach(row -> accounts.add(account(row)));
            return List.copyOf(accounts);
        });
    }

    /** Makes an organisation; fails with {@link StoreException.Conflict} if there is one of that name. */
    public Future<OrganisationAccount> create(String name, String actor) {
        return run("make organisation " + name, CREATE + " returning " + ACCOUNT, Tuple.of(name))
                .compose(rows -> rows.size() == 0
                        ? Future.failedFuture(new StoreException.Conflict(
                                "cannot make organisation " + name + ": there is one of that name", null))
                        : Future.succeededFuture(account(rows.iterator().next())))
                .compose(account -> run(
                                "note a new organisation",
                                "insert into public.audit (org_id, actor, action, subject) values ($1, $2, 'organisation.created', $3)",
                                Tuple.of(account.id().value(), actor, name))
                        .map(account));
    }

    /** Closes or opens an organisation; answers whether that changed anything. */
    public Future<Boolean> suspend(String name, boolean suspended, String actor) {
        return change(
                suspended ? SUSPEND : RESUME,
                name,
                actor,
                suspended ? "organisation.suspended" : "organisation.resumed");
    }

    /** Deletes an organisation or takes that back; answers whether that changed anything. */
    public Future<Boolean> delete(String name, boolean deleted, String actor) {
        return change(
                deleted ? DELETE : RESTORE, name, actor, deleted ? "organisation.deleted" : "organisation.restored");
    }

    private Future<Boolean> change(String sql, String name, String actor, String action) {
        return run("change organisation " + name, sql, Tuple.of(name, actor, action))
                .map(rows -> rows.size() > 0);
    }

    /** A user's roles by project as they are written; the empty project means every one. */
    public Future<Map<String, String>> roles(OrganisationId organisation, String user) {
        return run("read the roles of " + user, ROLES, Tuple.of(organisation.value(), user))
                .map(rows -> {
                    Map<String, String> roles = new HashMap<>();
                    rows.forEach(row -> roles.put(row.getString("project"), row.getString("role")));
                    return Map.copyOf(roles);
                });
    }

    /** Roles of all users, by user and project, from after one on. */
    public Future<List<Member>> members(OrganisationId organisation, String afterUser, String afterProject, int limit) {
        return run("list members", MEMBERS, Tuple.of(organisation.value(), afterUser, afterProject, limit))
                .map(rows -> {
                    List<Member> members = new ArrayList<>();
                    rows.forEach(row -> members.add(
                            new Member(row.getString("user_name"), row.getString("project"), row.getString("role"))));
                    return List.copyOf(members);
                });
    }

    /** Gives a user a role. */
    public Future<Void> putMember(OrganisationId organisation, Member member, String actor) {
        return run(
                        "give " + member.user() + " a role",
                        PUT_MEMBER,
                        Tuple.of(organisation.value(), member.user(), member.project(), member.role(), actor))
                .mapEmpty();
    }

    /** Takes a role away; answers whether there was one. */
    public Future<Boolean> removeMember(OrganisationId organisation, String user, String project, String actor) {
        return run("remove " + user, REMOVE_MEMBER, Tuple.of(organisation.value(), user, project, actor))
                .map(rows -> rows.size() > 0);
    }

    /** Revokes; answers since when, by the database's clock. */
    public Future<Instant> revoke(OrganisationId organisation, Kind kind, String value, String actor) {
        return run(
                        "revoke " + kind,
                        REVOKE,
                        Tuple.of(organisation.value(), kind.name().toLowerCase(Locale.ROOT), value, actor))
                .map(rows -> instant(rows.iterator().next(), "created_at"));
    }

    /** Revocations of the last while; one that was committed late is found as long as it is younger than that. */
    public Future<List<Revocation>> revocations(Duration past) {
        return run("read revocations", REVOCATIONS, Tuple.of(past.toMillis())).map(rows -> {
            List<Revocation> revocations = new ArrayList<>();
            for (Row row : rows) {
                revocations.add(new Revocation(
                        row.getLong("revocation_id"),
                        new OrganisationId(row.getLong("org_id")),
                        Kind.valueOf(row.getString("kind").toUpperCase(Locale.ROOT)),
                        row.getString("value"),
                        instant(row, "created_at")));
            }
            return List.copyOf(revocations);
        });
    }

    /** What was done, newest first, before an entry. */
    public Future<List<AuditEntry>> audit(OrganisationId organisation, long before, int limit) {
        return run("read the audit", AUDIT, Tuple.of(organisation.value(), before, limit))
                .map(rows -> {
                    List<AuditEntry> entries = new ArrayList<>();
                    rows.forEach(row -> entries.add(new AuditEntry(
                            row.getLong("audit_id"),
                            row.getString("actor"),
                            row.getString("action"),
                            row.getString("subject"),
                            instant(row, "created_at"))));
                    return List.copyOf(entries);
                });
    }

    private static OrganisationAccount account(Row row) {
        return new OrganisationAccount(
                new OrganisationId(row.getLong("org_id")),
                row.getString("name"),
                instant(row, "created_at"),
                optional(row, "suspended_at"),
                optional(row, "deleted_at"));
    }

    private static Instant instant(Row row, String column) {
        return row.getOffsetDateTime(column).toInstant();
    }

    private static @Nullable Instant optional(Row row, String column) {
        OffsetDateTime at = row.getOffsetDateTime(column);
        return at == null ? null : at.toInstant();
    }

    private Future<RowSet<Row>> run(String attempted, String sql, Tuple parameters) {
        return queries.preparedQuery(sql)
                .execute(parameters)
                .recover(failure -> Future.failedFuture(SqlErrors.of(attempted, failure)));
    }
}
