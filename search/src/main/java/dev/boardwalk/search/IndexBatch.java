package dev.boardwalk.search;

import dev.boardwalk.store.EntityId;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Derives the documents of some entities again and writes what has changed, in the transaction of the connection. Doing
 * it twice changes nothing.
 */
final class IndexBatch {
    private static final Logger log = LoggerFactory.getLogger(IndexBatch.class);

    private final IndexStatements statements;
    private final boolean embedding;
    private final boolean everything;

    /**
     * @param embedding whether texts that are new are noted for the embedder
     * @param everything whether what seems unchanged is written again
     */
    IndexBatch(Connection connection, boolean embedding, boolean everything) {
        this.statements = new IndexStatements(connection);
        this.embedding = embedding;
        this.everything = everything;
    }

    /** Writes them; an entity whose content cannot be read is noted with the reason. Answers the documents written. */
    int write(Collection<EntityId> entities) throws SQLException {
        Map<IndexStatements.Key, IndexStatements.Row> wanted = new LinkedHashMap<>();
        List<EntityId> failed = new ArrayList<>();
        for (IndexStatements.Source source : statements.sources(entities)) {
            try {
                for (IndexedText text : Extraction.of(
                        source.name(), source.type(), source.title(), source.properties(), source.language())) {
                    wanted.put(
                            new IndexStatements.Key(source.id(), text.element()),
                            new IndexStatements.Row(source, text));
                }
            } catch (RuntimeException unreadable) {
                log.warn("entity not indexed, trying again later entity={}", source.id(), unreadable);
                statements.failed(source.id(), "its content cannot be read: " + unreadable);
                failed.add(source.id());
            }
        }
        Map<IndexStatements.Key, IndexStatements.Stored> stored = statements.stored(entities);
        List<IndexStatements.Key> gone = stored.keySet().stream()
                .filter(key -> !wanted.containsKey(key) && !failed.contains(key.entity()))
                .toList();
        List<IndexStatements.Row> changed = new ArrayList<>();
        List<IndexStatements.Key> embed = new ArrayList<>();
        wanted.forEach((key, row) -> {
            IndexStatements.Stored before = stored.get(key);
            boolean sameText =
                    before != null && Arrays.equals(before.hash(), row.text().hash());
            if (everything || before == null || !sameText || !same(before, row)) {
                changed.add(row);
            }
            if (embedding && !sameText) {
                embed.add(key);
            }
        });
        statements.delete(gone);
        statements.upsert(changed);
        statements.embed(embed);
        statements.succeeded(
                entities.stream().filter(entity -> !failed.contains(entity)).toList());
        return changed.size() + gone.size();
    }

    private static boolean same(IndexStatements.Stored before, IndexStatements.Row row) {
        return before.project() == row.source().project()
                && before.type().equals(row.text().type())
                && before.language().equals(row.text().language());
    }
}
