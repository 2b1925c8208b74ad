package dev.boardwalk.graph;

import dev.boardwalk.store.FlushParticipant;
import dev.boardwalk.store.FlushedEntity;
import dev.boardwalk.store.OrganisationId;
import dev.boardwalk.store.Projection;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;

/**
 * The part of every flush that turns content into relationships, in the flush's transaction.
 *
 * <p>Of each entity it compares digests of what the content says now with those of what it said before, reads the stored
 * rows of the parts that differ, and writes only the differences: one changed edge of a large board costs one row. The
 * triggers of {@code V8__graph.sql} carry these rows on to the graph. A few statements for a whole batch.
 *
 * <p>Safe from several threads, each with its own connection.
 */
public final class Derivation implements FlushParticipant {
    /** Who wants to know which organisations are written to, at which position. */
    interface Writes {
        void wrote(long organisation, long position);
    }

    private final GraphLimits limits;
    private final Writes writes;
    private final LongAdder written = new LongAdder();
    private final LongAdder ignored = new LongAdder();

    public Derivation(GraphLimits limits) {
        this(limits, (_, _) -> {});
    }

    Derivation(GraphLimits limits, Writes writes) {
        this.limits = limits;
        this.writes = writes;
    }

    /** Elements and claims that were written or removed since the start, also in transactions that came to nothing. */
    public long written() {
        return written.sum();
    }

    /** Entries of contents that could not be taken as an element or a relationship, each time they were seen. */
    public long ignored() {
        return ignored.sum();
    }

    @Override
    public void write(Connection connection, List<FlushedEntity> batch) throws SQLException {
        Map<Long, String> properties = new LinkedHashMap<>();
        List<FlushedEntity> projected = new ArrayList<>();
        for (FlushedEntity flushed : batch) {
            if (flushed.projection() != null) {
                projected.add(flushed);
            }
        }
        if (projected.isEmpty()) {
            return;
        }
        long[] organisations = new long[projected.size()];
        long[] entities = new long[projected.size()];
        for (int at = 0; at < entities.length; at++) {
            organisations[at] = projected.get(at).entity().organisation().value();
            entities[at] = projected.get(at).entity().number();
            Projection projection = projected.get(at).projection();
            properties.put(entities[at], projection == null ? "{}" : projection.properties());
        }
        // Those that were superseded or deleted are not among them.
        List<DerivedEntity> present = new StoredDerivations(connection).justWritten(organisations, entities, writes);
        for (DerivedEntity entity : present) {
            String json = properties.get(entity.entityId());
            entity.content(ContentReader.read(json == null ? "{}" : json, limits));
        }
        apply(connection, present);
    }

    @Override
    public void deleted(OrganisationId organisation, long position) {
        writes.wrote(organisation.value(), position);
    }

    /**
     * Derives entities anew from these properties; every part of them is compared, whatever the digests say.
     *
     * @return how many elements and claims differed
     */
    int again(Connection connection, List<DerivedEntity> entities, List<String> properties) throws SQLException {
        for (int at = 0; at < entities.size(); at++) {
            entities.get(at).content(ContentReader.read(properties.get(at), limits));
            entities.get(at).compareEverything();
        }
        return apply(connection, entities);
    }

    private int apply(Connection connection, List<DerivedEntity> entities) throws SQLException {
        List<DerivedEntity> changed = new ArrayList<>();
        for (DerivedEntity entity : entities) {
            ignored.add(entity.content().ignored());
            if (entity.differs()) {
                changed.add(entity);
            }
        }
        if (changed.isEmpty()) {
            return 0;
        }
        DerivedDifference difference = new StoredDerivations(connection).difference(changed);
        DerivationStatements statements = new DerivationStatements(connection);
        statements.lockNames(difference);
        statements.remove(difference);
        statements.add(difference);
        statements.note(changed);
        written.add(difference.size());
        if (difference.size() > 0) {
            long position = statements.position();
            changed.forEach(entity -> writes.wrote(entity.organisationId(), position));
        }
        return difference.size();
    }
}
