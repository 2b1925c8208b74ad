package dev.boardwalk.store;

import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.util.ArrayList;
import java.util.List;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/** A walk over the attachments of all organisations, with their contents. Blocks. */
public final class AttachmentWalk {
    private static final String PAGE = """
            select a.org_id, a.entity_id, a.attachment_id, a.size, a.sha256_bytes, a.object, a.content_bytes,
                   p.name || '/' || e.name || ' "' || a.name || '"' as title
            from public.attachment a
            join public.entity e on e.org_id = a.org_id and e.entity_id = a.entity_id
            join public.project p on p.org_id = e.org_id and p.project_id = e.project_id
            where (a.org_id, a.entity_id, a.attachment_id) > (?, ?, ?)
            order by a.org_id, a.entity_id, a.attachment_id limit ?
            """;

    private final DataSource connections;

    AttachmentWalk(DataSource connections) {
        this.connections = connections;
    }

    /** An attachment with its content, or the object that holds it. */
    public record Entry(
            EntityId entity,
            long number,
            String title,
            ObjectDigest digest,
            @Nullable String object,
            byte @Nullable [] content) {

        /** What the content is now; fails like {@link BlobStore#digest}. */
        public ObjectDigest present(BlobStore objects) {
            return content != null
                    ? new ObjectDigest(content.length, BlobKeys.sha256(content))
                    : objects.digest(String.valueOf(object));
        }
    }

    /** Some from after one on. */
    public List<Entry> page(@Nullable Entry after, int limit) {
        return Ask.ask(connections, "list attachments", connection -> {
            try (PreparedStatement find = connection.prepareStatement(PAGE)) {
                find.setLong(1, after == null ? 0 : after.entity.organisation().value());
                find.setLong(2, after == null ? 0 : after.entity.number());
                find.setLong(3, after == null ? 0 : after.number);
                find.setInt(4, limit);
                List<Entry> page = new ArrayList<>();
                try (ResultSet row = find.executeQuery()) {
                    while (row.next()) {
                        page.add(new Entry(
                                new EntityId(new OrganisationId(row.getLong("org_id")), row.getLong("entity_id")),
                                row.getLong("attachment_id"),
                                "attachment " + row.getString("title"),
                                new ObjectDigest(row.getLong("size"), row.getBytes("sha256_bytes")),
                                row.getString("object"),
                                row.getBytes("content_bytes")));
                    }
                }
                return page;
            }
        });
    }
}
