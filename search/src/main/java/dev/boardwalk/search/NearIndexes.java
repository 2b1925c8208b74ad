package dev.boardwalk.search;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The statements about approximate indexes: which there are, which there should be, and how they come and go. */
final class NearIndexes {
    /** Any number; that of this work in this database. Held by the session that makes one, and gone with it. */
    private static final long LOCK = 0x6e_6561_7269_6478L;

    /** Vectors of one organisation that are made into an index in memory, some 200,000; more take longer. */
    private static final String MEMORY = "256MB";

    private static final String KNOWN = """
            select c.relname, i.indisvalid, c.reltuples
            from pg_catalog.pg_index i join pg_catalog.pg_class c on c.oid = i.indexrelid
            where i.indrelid = 'search.embedding'::regclass and c.relname like 'embedding\\_near\\_%'
            """;

    /** By the primary key alone, so that no vector is read. */
    private static final String LARGE = """
            select s.org_id, s.model_id, s.vectors, (
                select vector_dims(e.vector) from search.embedding e
                where e.org_id = s.org_id and e.model_id = s.model_id limit 1) as dimensions
            from (
                select org_id, model_id, count(*) as vectors from search.embedding
                group by org_id, model_id having count(*) > ?) s
            """;

    private final Connection connection;

    NearIndexes(Connection connection) {
        this.connection = connection;
    }

    /** Those that questions may use, with the number of vectors that are in each, roughly. */
    Map<NearIndex, Double> usable() throws SQLException {
        Map<NearIndex, Double> usable = new HashMap<>();
        try (PreparedStatement query = connection.prepareStatement(KNOWN);
                ResultSet row = query.executeQuery()) {
            while (row.next()) {
                NearIndex index = NearIndex.named(row.getString("relname"));
                if (index != null && row.getBoolean("indisvalid")) {
                    usable.put(index, row.getDouble("reltuples"));
                }
            }
        }
        return usable;
    }

    /** Those that nobody finished, because the session that made them ended. */
    List<NearIndex> broken() throws SQLException {
        List<NearIndex> broken = new ArrayList<>();
        try (PreparedStatement query = connection.prepareStatement(KNOWN);
                ResultSet row = query.executeQuery()) {
            while (row.next()) {
                NearIndex index = NearIndex.named(row.getString("relname"));
                if (index != null && !row.getBoolean("indisvalid")) {
                    broken.add(index);
                }
            }
        }
        return broken;
    }

    /** What an index would hold, for each organisation and model with more vectors than this. */
    Map<NearIndex, Long> large(long vectorsMax) throws SQLException {
        Map<NearIndex, Long> large = new HashMap<>();
        try (PreparedStatement query = connection.prepareStatement(LARGE)) {
            query.setLong(1, vectorsMax);
            try (ResultSet row = query.executeQuery()) {
                while (row.next()) {
                    large.put(
                            new NearIndex(row.getLong("org_id"), row.getInt("model_id"), row.getInt("dimensions")),
                            row.getLong("vectors"));
                }
            }
        }
        return large;
    }

    /** Whether this session is the one that makes indexes; it is until it ends or calls {@link #unlock}. */
    boolean lock() throws SQLException {
        try (PreparedStatement query = connection.prepareStatement("select pg_try_advisory_lock(?)")) {
            query.setLong(1, LOCK);
            try (ResultSet row = query.executeQuery()) {
                row.next();
                return row.getBoolean(1);
            }
        }
    }

    void unlock() throws SQLException {
        try (PreparedStatement query = connection.prepareStatement("select pg_advisory_unlock(?)")) {
            query.setLong(1, LOCK);
            query.execute();
        }
    }

    /**
     * Takes seconds to minutes, in which everything else goes on. One process of the server's: more of them would need
     * shared memory that containers do not have, and edits need the processors too.
     */
    void create(NearIndex index) throws SQLException {
        unhurried(
                "set max_parallel_maintenance_workers = 0",
                "set maintenance_work_mem = '" + MEMORY + "'",
                index.creation());
    }

    void drop(NearIndex index) throws SQLException {
        unhurried("drop index concurrently if exists search." + index.name());
    }

    /** Outside of a transaction, and for as long as it takes. */
    private void unhurried(String... statements) throws SQLException {
        connection.setNetworkTimeout(Runnable::run, 0);
        try (Statement statement = connection.createStatement()) {
            statement.execute("set statement_timeout = 0");
            try {
                for (String each : statements) {
                    statement.execute(each);
                }
            } finally {
                statement.execute("reset statement_timeout; reset maintenance_work_mem;"
                        + " reset max_parallel_maintenance_workers");
            }
        }
    }
}
