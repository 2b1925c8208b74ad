package dev.boardwalk.store;

import io.vertx.core.Future;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.Tuple;
import java.time.Duration;
import java.util.Optional;

/** The projects' wishes about what is kept; runs of the compactor that thin go by them. Safe from any thread. */
public final class RetentionPolicies {
    /** Longer than {@link RetentionPolicy#LONGEST} can only be what was written by hand. */
    private static final String FIND = """
            select r.project_id is not null as own,
                   least(extract(epoch from r.hourly_for) * 1000, 3153600000000)::bigint as hourly,
                   least(extract(epoch from r.daily_for) * 1000, 3153600000000)::bigint as daily,
                   least(extract(epoch from r.monthly_for) * 1000, 3153600000000)::bigint as monthly,
                   r.monthly_for is null as monthly_always,
                   least(extract(epoch from r.archive_for) * 1000, 3153600000000)::bigint as archive
            from public.project p
            left join crdt.retention_policy r on r.org_id = p.org_id and r.project_id = p.project_id
            where p.org_id = $1 and p.name = $2
            """;

    private static final String PUT = """
            with put as (
                insert into crdt.retention_policy (org_id, project_id, hourly_for, daily_for, monthly_for, archive_for)
                select org_id, project_id, $3::bigint * interval '1 millisecond', $4::bigint * interval '1 millisecond',
                       $5::bigint * interval '1 millisecond', $6::bigint * interval '1 millisecond'
                from public.project where org_id = $1 and name = $2
                on conflict (org_id, project_id) do update
                set hourly_for = excluded.hourly_for, daily_for = excluded.daily_for,
                    monthly_for = excluded.monthly_for, archive_for = excluded.archive_for
                returning org_id
            )
            insert into public.audit (org_id, actor, action, subject)
            select org_id, $7, 'retention.put', $2 from put
            returning org_id
            """;

    private final Pool queries;

    RetentionPolicies(Pool queries) {
        this.queries = queries;
    }

    /** What holds for a project; empty if there is no such project. */
    public Future<Optional<RetentionPolicy>> find(OrganisationId organisation, String project) {
        return run("read what project " + project + " keeps", FIND, Tuple.of(organisation.value(), project))
                .map(rows -> {
                    for (Row row : rows) {
                        return Optional.of(row.getBoolean("own") ? policy(row) : RetentionPolicy.DEFAULTS);
                    }
                    return Optional.empty();
                });
    }

    /** Lets a policy hold from the next run that thins on; answers whether there is such a project. */
    public Future<Boolean> put(OrganisationId organisation, String project, RetentionPolicy policy, String actor) {
        Duration monthly = policy.monthlyFor();
        Tuple parameters = Tuple.of(organisation.value(), project)
                .addLong(policy.hourlyFor().toMillis())
                .addLong(policy.dailyFor().toMillis())
                .addLong(monthly == null ? null : monthly.toMillis())
                .addLong(policy.archiveFor().toMillis())
                .addString(actor);
        return run("set what project " + project + " keeps", PUT, parameters).map(rows -> rows.size() > 0);
    }

    /** As it works: what was written by hand may keep days for less long than hours, which then decide. */
    private static RetentionPolicy policy(Row row) {
        Duration hourly = Duration.ofMillis(row.getLong("hourly"));
        Duration daily = longer(hourly, Duration.ofMillis(row.getLong("daily")));
        Duration monthly =
                row.getBoolean("monthly_always") ? null : longer(daily, Duration.ofMillis(row.getLong("monthly")));
        return new RetentionPolicy(hourly, daily, monthly, Duration.ofMillis(row.getLong("archive")));
    }

    private static Duration longer(Duration one, Duration other) {
        return one.compareTo(other) > 0 ? one : other;
    }

    private Future<RowSet<Row>> run(String attempted, String sql, Tuple parameters) {
        return queries.preparedQuery(sql)
                .execute(parameters)
                .recover(failure -> Future.failedFuture(SqlErrors.of(attempted, failure)));
    }
}
