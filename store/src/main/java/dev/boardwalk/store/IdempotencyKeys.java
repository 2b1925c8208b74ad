package dev.boardwalk.store;

import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.Tuple;
import java.time.Duration;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The requests that must not happen twice, and what became of them. Safe from any thread. */
public final class IdempotencyKeys {
    /** How long an answer is kept. */
    public static final Duration KEPT = Duration.ofHours(24);

    /** Old rows that go with each new one: more than come, so that they end. */
    private static final int REMOVED_AT_ONCE = 100;

    private static final String REMOVE_OLD = """
            delete from public.idempotency_key k
            using (
                select org_id, user_name, key from public.idempotency_key
                where created_at < now() - $1 * interval '1 second'
                order by created_at limit $2
                for update skip locked
            ) old
            where k.org_id = old.org_id and k.user_name = old.user_name and k.key = old.key
            """;

    /** Whoever finds the holder's time over, and nothing answered, takes its place. */
    private static final String CLAIM = """
            insert into public.idempotency_key as k
                (org_id, user_name, key, request_sha256_bytes, holder, held_until)
            values ($1, $2, $3, $4, $5, clock_timestamp() + $6 * interval '1 millisecond')
            on conflict (org_id, user_name, key) do update
            set holder = case when k.answer is null and k.held_until < clock_timestamp()
                               and k.request_sha256_bytes = excluded.request_sha256_bytes
                              then excluded.holder else k.holder end,
                held_until = case when k.answer is null and k.held_until < clock_timestamp()
                                   and k.request_sha256_bytes = excluded.request_sha256_bytes
                                  then excluded.held_until else k.held_until end
            returning request_sha256_bytes = $4 as same, holder = $5 as mine, update_bytes, answer
            """;

    private static final String OWN = " where org_id = $1 and user_name = $2 and key = $3 and holder = $4";

    private static final String PREPARE =
            "update public.idempotency_key set update_bytes = $5" + OWN + " and update_bytes is null";

    private static final String FINISH = "update public.idempotency_key set answer = $5" + OWN;

    private static final String LET_GO = "update public.idempotency_key set held_until = clock_timestamp()" + OWN;

    private static final String FORGET = "delete from public.idempotency_key" + OWN + " and answer is null";

    private final Pool queries;

    IdempotencyKeys(Pool queries) {
        this.queries = queries;
    }

    /**
     * One use of a key.
     *
     * @param user the key belongs to them; empty if nobody signed in
     * @param requestSha256 what is asked
     * @param holder of this use alone
     */
    public record Use(OrganisationId organisation, String user, String key, byte[] requestSha256, UUID holder) {}

    /** What a claim found. */
    public sealed interface Claim {
        /** The caller is to do it; with the edit that an earlier use came to, if there was one. */
        record Mine(byte @Nullable [] update) implements Claim {}

        /** It was done. */
        record Done(String answer) implements Claim {}

        /** Somebody is doing it. */
        record Busy() implements Claim {}

        /** The key was used for something else. */
        record Different() implements Claim {}
    }

    /** Claims the key for so long; old keys are removed by the way. */
    public Future<Claim> claim(Use use, Duration held) {
        return run("remove old idempotency keys", REMOVE_OLD, Tuple.of(KEPT.toSeconds(), REMOVED_AT_ONCE))
                .compose(_ -> run(
                        "claim an idempotency key",
                        CLAIM,
                        Tuple.of(
                                use.organisation.value(),
                                use.user,
                                use.key,
                                Buffer.buffer(use.requestSha256),
                                use.holder,
                                held.toMillis())))
                .map(rows -> claim(rows.iterator().next()));
    }

    private static Claim claim(Row row) {
        if (!row.getBoolean("same")) {
            return new Claim.Different();
        }
        String answer = row.getString("answer");
        if (answer != null) {
            return new Claim.Done(answer);
        }
        Buffer update = row.getBuffer("update_bytes");
        return row.getBoolean("mine") ? new Claim.Mine(update == null ? null : update.getBytes()) : new Claim.Busy();
    }

    /** Writes down what is going to be applied; answers false if the key is another's by now. */
    public Future<Boolean> prepare(Use use, byte[] update) {
        return run("prepare an idempotent edit", PREPARE, own(use).addBuffer(Buffer.buffer(update)))
                .map(rows -> rows.rowCount() > 0);
    }

    /** Writes down what was answered. */
    public Future<Void> finish(Use use, String answer) {
        return run("keep an answer", FINISH, own(use).addString(answer)).mapEmpty();
    }

    /** Lets the next one go on at once: it is not known how it ended. */
    public Future<Void> letGo(Use use) {
        return run("let go of an idempotency key", LET_GO, own(use)).mapEmpty();
    }

    /** Forgets the key: nothing was done. */
    public Future<Void> forget(Use use) {
        return run("forget an idempotency key", FORGET, own(use)).mapEmpty();
    }

    private static Tuple own(Use use) {
        return Tuple.of(use.organisation.value(), use.user, use.key, use.holder);
    }

    private Future<RowSet<Row>> run(String attempted, String sql, Tuple parameters) {
        return queries.preparedQuery(sql)
                .execute(parameters)
                .recover(failure -> Future.failedFuture(SqlErrors.of(attempted, failure)));
    }
}
