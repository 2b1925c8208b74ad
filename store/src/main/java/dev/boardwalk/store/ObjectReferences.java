package dev.boardwalk.store;

import java.sql.Array;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import javax.sql.DataSource;

/**
 * Which objects rows name, and the way out for those that none does. Blocks; safe from any thread.
 *
 * <p>An object without a row is noted, and after its time of grace doomed: from then on no row may name it any more. When
 * all transactions that ran at that moment are over and still no row names it, it can be removed.
 */
public final class ObjectReferences {
    private static final String NAMED_BY_ROWS = """
            (exists (select from crdt.snapshot s where s.object = o.object)
             or exists (select from crdt.archive_object b where b.object = o.object)
             or exists (select from public.attachment a where a.object = o.object))
            """;

    private static final String NAMED = """
            select o.object from unnest(?::text[]) as o (object) where
            """ + NAMED_BY_ROWS;

    private static final String NOTE = """
            insert into crdt.orphan_object (object) select unnest(?::text[]) on conflict do nothing
            """;

    private static final String FORGET_NAMED =
            "delete from crdt.orphan_object o where o.removed_at is null and " + NAMED_BY_ROWS;

    private static final String DOOM = """
            update crdt.orphan_object set doomed_position = public.current_position()
            where removed_at is null and since <= clock_timestamp() - ? * interval '1 microsecond'
            """;

    private static final String OVER = "select clock_timestamp() as now, crdt.oldest_beginning() as oldest";

    private static final String REMOVABLE = """
            select o.object, o.since from crdt.orphan_object o
            where o.doomed_position is not null and o.removed_at is null and not
            """ + NAMED_BY_ROWS + " order by o.object limit ?";

    private static final String REMOVED =
            "update crdt.orphan_object set removed_at = clock_timestamp() where object = any(?)";

    /** Somebody may have found the object before it went and be about to name it: for so long it stays refused. */
    private static final String FORGET_REMOVED =
            "delete from crdt.orphan_object where removed_at < clock_timestamp() - interval '1 hour'";

    private static final String NOTED = "select object, since from crdt.orphan_object o where removed_at is null"
            + " and since <= clock_timestamp() - ? * interval '1 microsecond' and not " + NAMED_BY_ROWS
            + " order by object limit ?";

    private final DataSource connections;

    ObjectReferences(DataSource connections) {
        this.connections = connections;
    }

    /** Those of the keys that a row names. */
    public Set<String> named(List<String> keys) {
        return Ask.ask(connections, "see which objects are named", connection -> {
            try (PreparedStatement find = connection.prepareStatement(NAMED)) {
                find.setArray(1, connection.createArrayOf("text", keys.toArray()));
                Set<String> named = new HashSet<>();
                try (ResultSet row = find.executeQuery()) {
                    while (row.next()) {
                        named.add(row.getString(1));
                    }
                }
                return named;
            }
        });
    }

    /** Notes objects that no row names. */
    public void note(List<String> keys) {
        Ask.ask(connections, "note " + keys.size() + " objects without a row", connection -> {
            try (PreparedStatement note = connection.prepareStatement(NOTE)) {
                Array all = connection.createArrayOf("text", keys.toArray());
                note.setArray(1, all);
                return note.executeUpdate();
            }
        });
    }

    /** Noted so long ago and still without a row. */
    public List<OrphanObject> noted(Duration ago, int limit) {
        return Ask.ask(connections, "list objects without a row", connection -> {
            try (PreparedStatement find = connection.prepareStatement(NOTED)) {
                find.setLong(1, Partitions.micros(ago));
                find.setInt(2, limit);
                return orphans(find);
            }
        });
    }

    /** Dooms what was noted so long ago; answers how many are doomed. Forgets what rows name meanwhile. */
    public int doom(Duration grace) {
        return Ask.ask(connections, "doom objects without a row", connection -> {
            try (PreparedStatement forget = connection.prepareStatement(FORGET_NAMED);
                    PreparedStatement forgetRemoved = connection.prepareStatement(FORGET_REMOVED);
                    PreparedStatement doom = connection.prepareStatement(DOOM)) {
                forget.executeUpdate();
                forgetRemoved.executeUpdate();
                doom.setLong(1, Partitions.micros(grace));
                return doom.executeUpdate();
            }
        });
    }

    /** The database's time now. */
    public OffsetDateTime now() {
        return times("now");
    }

    /** No transaction that runs now began before this. */
    public OffsetDateTime oldestBeginning() {
        return times("oldest");
    }

    /** Doomed objects that no row names. */
    public List<OrphanObject> removable(int limit) {
        return Ask.ask(connections, "list objects to remove", connection -> {
            try (PreparedStatement find = connection.prepareStatement(REMOVABLE)) {
                find.setInt(1, limit);
                return orphans(find);
            }
        });
    }

    /** Notes that these are gone. */
    public void removed(List<String> keys) {
        Ask.ask(connections, "note removed objects", connection -> {
            try (PreparedStatement note = connection.prepareStatement(REMOVED)) {
                note.setArray(1, connection.createArrayOf("text", keys.toArray()));
                return note.executeUpdate();
            }
        });
    }

    private OffsetDateTime times(String column) {
        return Ask.ask(connections, "see what runs in the database", connection -> {
            try (PreparedStatement find = connection.prepareStatement(OVER);
                    ResultSet row = find.executeQuery()) {
                row.next();
                return row.getObject(column, OffsetDateTime.class);
            }
        });
    }

    private static List<OrphanObject> orphans(PreparedStatement find) throws SQLException {
        List<OrphanObject> found = new ArrayList<>();
        try (ResultSet row = find.executeQuery()) {
            while (row.next()) {
                found.add(new OrphanObject(
                        row.getString("object"),
                        row.getObject("since", OffsetDateTime.class).toInstant()));
            }
        }
        return found;
    }
}
