package dev.boardwalk.bench;

import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

/** Fills the tables of operations as flushes would have, by the hundred thousand. */
final class CompactLoad {
    /** Letters that one small update types. */
    private static final String WORD = "boardwalk ";

    private static final int STRING = 4;
    private static final int HAS_ORIGIN = 0x80;
    private static final long CLIENT = 4711;
    private static final int OPERATIONS_PER_ENTITY = 100;

    private final BenchDatabase server;

    CompactLoad(BenchDatabase server) {
        this.server = server;
    }

    /** So many updates of one client that types words at the end of a text, each joining onto the one before. */
    static List<byte[]> typing(int count) {
        List<byte[]> updates = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            Lib0Bytes bytes = new Lib0Bytes(64);
            long clock = (long) i * WORD.length();
            bytes.varUint(1).varUint(1).varUint(CLIENT).varUint(clock);
            if (i == 0) {
                bytes.octet(STRING).varUint(1).string("text");
            } else {
                bytes.octet(STRING | HAS_ORIGIN).varUint(CLIENT).varUint(clock - 1);
            }
            updates.add(bytes.string(WORD).varUint(0).toArray());
        }
        return updates;
    }

    /** Entities with so many operations each. */
    void entities(int count, int operations) throws SQLException {
        makeEntities("bench-", count, "now()");
        insert("bench-%", Integer.MAX_VALUE, typing(operations), 0, "now()");
    }

    /** One more operation for so many of them. */
    void change(int count) throws SQLException {
        insert("bench-%", count, typing(3).subList(2, 3), 2, "now()");
    }

    /** An hour of operations, 30 hours ago, of entities that are as old. */
    void oldHour(int operations) throws SQLException {
        execute("""
                do $$
                declare hour timestamptz := date_trunc('hour', now() - interval '30 hours');
                begin
                    execute format('create table crdt.operation_%s partition of crdt.operation for values from (%L) to (%L)',
                        to_char(hour at time zone 'UTC', 'YYYYMMDD_HH24MISS'), hour, hour + interval '1 hour');
                end $$
                """);
        String then = "date_trunc('hour', now() - interval '30 hours') + interval '1 minute'";
        makeEntities("old-", operations / OPERATIONS_PER_ENTITY, then);
        insert("old-%", Integer.MAX_VALUE, typing(OPERATIONS_PER_ENTITY), 0, then);
        execute("update crdt.compaction set covered_from = '-infinity'");
    }

    /** Somebody who writes and reads operations all the while. */
    Writer writing() throws SQLException {
        return new Writer(server.connect());
    }

    private void makeEntities(String prefix, int count, String createdAt) throws SQLException {
        execute("insert into public.project (org_id, name) select org_id, 'bench' from public.organisation"
                + " where name = 'local' on conflict do nothing");
        execute("insert into public.entity (org_id, project_id, name, position, created_at)"
                + " select org_id, project_id, '" + prefix + "' || n, 1, " + createdAt
                + " from public.project, generate_series(1, " + count + ") n where name = 'bench'");
    }

    private void insert(String names, int entities, List<byte[]> updates, int firstTick, String createdAt)
            throws SQLException {
        try (Connection connection = server.connect();
                PreparedStatement insert = connection.prepareStatement("""
                        insert into crdt.operation (org_id, entity_id, format, update_bytes, gateway_id, first_tick,
                            last_tick, position, created_at)
                        select e.org_id, e.entity_id, 1, u.bytes, 1, u.n + ?, u.n + ?, p.position,
                               %s + u.n * interval '1 millisecond'
                        from (select * from public.entity where name like ? order by entity_id limit ?) e
                        cross join unnest(?::bytea[]) with ordinality as u (bytes, n)
                        cross join (select public.current_position() as position) p
                        """.formatted(createdAt))) {
            Array bytes = connection.createArrayOf("bytea", updates.toArray(byte[][]::new));
            insert.setLong(1, firstTick);
            insert.setLong(2, firstTick);
            insert.setString(3, names);
            insert.setInt(4, entities);
            insert.setArray(5, bytes);
            insert.executeUpdate();
        }
        execute("analyze crdt.operation, public.entity");
    }

    private void execute(String sql) throws SQLException {
        try (Connection connection = server.connect();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    /** One session that inserts an operation and reads some, again and again, and notes how long that took at worst. */
    static final class Writer implements AutoCloseable {
        private final Connection connection;
        private final AtomicLong worstNanos = new AtomicLong();
        private final Thread thread;
        private volatile boolean ended;

        Writer(Connection connection) {
            this.connection = connection;
            this.thread = Thread.ofPlatform().start(this::run);
        }

        long worstNanos() {
            return worstNanos.get();
        }

        private void run() {
            try (Statement statement = connection.createStatement()) {
                long tick = 0;
                while (!ended) {
                    tick++;
                    long start = System.nanoTime();
                    statement.execute("insert into crdt.operation (org_id, entity_id, format, update_bytes, gateway_id,"
                            + " first_tick, last_tick, position) select 1, -1, 1, '\\x0000', 1, " + tick + ", " + tick
                            + ", public.current_position()");
                    statement.execute("select count(*) from crdt.operation where org_id = 1 and entity_id = 1");
                    worstNanos.accumulateAndGet(System.nanoTime() - start, Math::max);
                }
            } catch (SQLException failure) {
                throw new IllegalStateException("the writer beside the run failed", failure);
            }
        }

        @Override
        public void close() throws SQLException {
            ended = true;
            try {
                thread.join();
            } catch (InterruptedException told) {
                Thread.currentThread().interrupt();
            }
            connection.close();
        }
    }
}
