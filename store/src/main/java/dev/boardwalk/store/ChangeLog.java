package dev.boardwalk.store;

import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/** Who changed an entity, and when: its operations, the newest first. Blocks; safe from any thread. */
public final class ChangeLog {
    private static final String PAGE = """
            select o.operation_id, o.created_at, o.position, o.authors::text as authors, o.gateway_id, g.address,
                   length(o.update_bytes) as bytes
            from crdt.operation o
            left join public.gateway g on g.gateway_id = o.gateway_id
            where o.org_id = ? and o.entity_id = ? and (o.created_at, o.operation_id) < (?, ?)
            order by o.created_at desc, o.operation_id desc
            limit ?
            """;

    private static final String GATEWAY = "select address from public.gateway where gateway_id = ?";

    private static final Comparator<ChangeEntry> NEWEST_FIRST = Comparator.comparing(ChangeEntry::createdAt)
            .thenComparingLong(ChangeEntry::number)
            .reversed();

    private final DataSource connections;
    private final @Nullable BlobStore objects;
    private final OperationArchive archive;

    ChangeLog(DataSource connections, @Nullable BlobStore objects, OperationArchive archive) {
        this.connections = connections;
        this.objects = objects;
        this.archive = archive;
    }

    /**
     * Changes that are older than one place.
     *
     * @param before time of the place
     * @param number of the operation there; those of the same time with lower numbers follow
     */
    public List<ChangeEntry> page(EntityId entity, Instant before, long number, int limit) {
        List<ChangeEntry> rows = rows(entity, before, number, limit);
        return rows.size() >= limit ? rows : withArchived(entity, before, number, limit, rows);
    }

    private List<ChangeEntry> rows(EntityId entity, Instant before, long number, int limit) {
        return Ask.ask(connections, "list changes of entity " + entity, connection -> {
            try (PreparedStatement list = connection.prepareStatement(PAGE)) {
                list.setLong(1, entity.organisation().value());
                list.setLong(2, entity.number());
                list.setObject(3, before.atOffset(ZoneOffset.UTC));
                list.setLong(4, number);
                list.setInt(5, limit);
                List<ChangeEntry> found = new ArrayList<>();
                try (ResultSet row = list.executeQuery()) {
                    while (row.next()) {
                        found.add(new ChangeEntry(
                                row.getLong("operation_id"),
                                row.getObject("created_at", OffsetDateTime.class)
                                        .toInstant(),
                                row.getLong("position"),
                                row.getString("authors"),
                                row.getLong("gateway_id"),
                                row.getString("address"),
                                row.getLong("bytes")));
                    }
                }
                return found;
            }
        });
    }

    /** The table is at its end; blocks of the archive, from the newest on, until the page is full. */
    private List<ChangeEntry> withArchived(
            EntityId entity, Instant before, long number, int limit, List<ChangeEntry> rows) {
        List<ChangeEntry> all = new ArrayList<>(rows);
        Set<Long> known = new HashSet<>();
        rows.forEach(row -> known.add(row.number()));
        List<ArchivedBlock> blocks = archive.blocks(entity, Instant.EPOCH, before.plusNanos(1_000));
        for (ArchivedBlock block : blocks.reversed()) {
            if (all.size() >= limit || objects == null) {
                break;
            }
            for (LoggedOperation operation : block.read(objects)) {
                if (isBefore(operation, before, number) && known.add(operation.operationId())) {
                    all.add(entry(operation));
                }
            }
        }
        all.sort(NEWEST_FIRST);
        return List.copyOf(all.subList(0, Math.min(limit, all.size())));
    }

    private static boolean isBefore(LoggedOperation operation, Instant before, long number) {
        int order = operation.createdAt().compareTo(before);
        return order < 0 || order == 0 && operation.operationId() < number;
    }

    private ChangeEntry entry(LoggedOperation operation) {
        return new ChangeEntry(
                operation.operationId(),
                operation.createdAt(),
                operation.position(),
                operation.authors(),
                operation.gatewayId(),
                gateway(operation.gatewayId()),
                operation.bytes().length);
    }

    private @Nullable String gateway(long id) {
        Optional<String> address = Ask.ask(connections, "find gateway " + id, connection -> {
            try (PreparedStatement find = connection.prepareStatement(GATEWAY)) {
                find.setLong(1, id);
                try (ResultSet row = find.executeQuery()) {
                    return row.next() ? Optional.of(row.getString(1)) : Optional.empty();
                }
            }
        });
        return address.orElse(null);
    }
}
