package dev.boardwalk.store;

import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.Tuple;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The rows of binary files; what they contain is proven before. Safe from any thread. */
public final class Attachments {
    private static final String COLUMNS =
            "org_id, entity_id, attachment_id, ulid, name, content_type, size, sha256_bytes, object, author, created_at";

    /** Not of an entity that was deleted, and not with an object that is about to be removed. */
    private static final String ADD = """
            insert into public.attachment
                (org_id, entity_id, name, content_type, size, sha256_bytes, author, object, content_bytes)
            select $1, $2, $3, $4, $5, $6, $7, $8, $9
            from public.entity e
            where e.org_id = $1 and e.entity_id = $2 and e.deleted_at is null
              and not exists (select from crdt.orphan_object o where o.object = $8 and o.doomed_position is not null)
            returning\s""" + COLUMNS;

    private static final String PAGE = "select " + COLUMNS + """
             from public.attachment where org_id = $1 and entity_id = $2 and attachment_id > $3
            order by attachment_id limit $4
            """;

    private static final String FIND =
            "select " + COLUMNS + " from public.attachment where org_id = $1 and entity_id = $2 and ulid = $3";

    private static final String CONTENT =
            "select content_bytes from public.attachment where org_id = $1 and entity_id = $2 and attachment_id = $3";

    private static final String REMOVE =
            "delete from public.attachment where org_id = $1 and entity_id = $2 and ulid = $3 returning attachment_id";

    private static final String BEGIN = """
            insert into public.attachment_upload
                (org_id, entity_id, name, content_type, size, sha256_bytes, author, object)
            values ($1, $2, $3, $4, $5, $6, $7, $8)
            returning ulid
            """;

    private static final String BEGUN = """
            select ulid, name, content_type, size, sha256_bytes, author, object
            from public.attachment_upload
            where org_id = $1 and entity_id = $2 and ulid = $3
              and created_at > now() - $4 * interval '1 second'
            """;

    private static final String END =
            "delete from public.attachment_upload where org_id = $1 and entity_id = $2 and ulid = $3";

    private static final String FORGET_OLD = """
            delete from public.attachment_upload where created_at < now() - $1 * interval '1 second'
            """;

    private final Pool queries;

    Attachments(Pool queries) {
        this.queries = queries;
    }

    /**
     * Adds an attachment whose content is in an object or in {@code content}; fails with {@link StoreException.NotFound} if
     * the entity is gone.
     */
    public Future<Attachment> add(NewAttachment attachment, @Nullable String object, byte @Nullable [] content) {
        Tuple parameters =
                tuple(attachment).addString(object).addBuffer(content == null ? null : Buffer.buffer(content));
        return run("add an attachment to " + attachment.entity(), ADD, parameters)
                .compose(rows -> rows.size() == 0
                        ? Future.failedFuture(new StoreException.NotFound("entity " + attachment.entity() + " is gone"))
                        : Future.succeededFuture(attachment(rows.iterator().next())));
    }

    /** Those of an entity, oldest first, from after a number on. */
    public Future<List<Attachment>> page(EntityId entity, long after, int limit) {
        return run(
                        "list attachments of " + entity,
                        PAGE,
                        key(entity).addLong(after).addInteger(limit))
                .map(rows -> {
                    List<Attachment> page = new ArrayList<>();
                    rows.forEach(row -> page.add(attachment(row)));
                    return List.copyOf(page);
                });
    }

    /** Fails with {@link StoreException.NotFound}. */
    public Future<Attachment> find(EntityId entity, UUID ulid) {
        return one("attachment", FIND, key(entity).addUUID(ulid)).map(Attachments::attachment);
    }

    /** The content of an attachment that has no object. */
    public Future<Buffer> content(Attachment attachment) {
        return one("content of an attachment", CONTENT, key(attachment.entity()).addLong(attachment.number()))
                .map(row -> row.getBuffer("content_bytes"));
    }

    /** Takes it away; its object goes when nothing has named it for a while. Fails with {@link StoreException.NotFound}. */
    public Future<Void> remove(EntityId entity, UUID ulid) {
        return one("attachment", REMOVE, key(entity).addUUID(ulid)).mapEmpty();
    }

    /** Notes that somebody is told to put an object; forgets what was begun that long ago. */
    public Future<AttachmentUpload> begin(NewAttachment attachment, String object, Duration valid) {
        return run("forget old uploads", FORGET_OLD, Tuple.of(valid.toSeconds()))
                .compose(_ -> one("upload", BEGIN, tuple(attachment).addString(object)))
                .map(row -> new AttachmentUpload(row.getUUID("ulid"), attachment, object));
    }

    /** An upload that was begun no longer ago; fails with {@link StoreException.NotFound}. */
    public Future<AttachmentUpload> begun(EntityId entity, UUID ulid, Duration valid) {
        return one("upload", BEGUN, key(entity).addUUID(ulid).addLong(valid.toSeconds()))
                .map(row -> new AttachmentUpload(
                        ulid,
                        new NewAttachment(
                                entity,
                                row.getString("name"),
                                row.getString("content_type"),
                                digest(row),
                                row.getString("author")),
                        row.getString("object")));
    }

    /** Forgets an upload. */
    public Future<Void> end(AttachmentUpload upload) {
        return run("end an upload", END, key(upload.attachment().entity()).addUUID(upload.ulid()))
                .mapEmpty();
    }

    private static Tuple key(EntityId entity) {
        return Tuple.of(entity.organisation().value(), entity.number());
    }

    private static Tuple tuple(NewAttachment attachment) {
        return key(attachment.entity())
                .addString(attachment.name())
                .addString(attachment.contentType())
                .addLong(attachment.digest().size())
                .addBuffer(Buffer.buffer(attachment.digest().sha256()))
                .addString(attachment.author());
    }

    private static Attachment attachment(Row row) {
        return new Attachment(
                new EntityId(new OrganisationId(row.getLong("org_id")), row.getLong("entity_id")),
                row.getLong("attachment_id"),
                row.getUUID("ulid"),
                row.getString("name"),
                row.getString("content_type"),
                digest(row),
                row.getString("object"),
                row.getString("author"),
                row.getOffsetDateTime("created_at").toInstant());
    }

    private static ObjectDigest digest(Row row) {
        return new ObjectDigest(
                row.getLong("size"), row.getBuffer("sha256_bytes").getBytes());
    }

    private Future<Row> one(String what, String sql, Tuple parameters) {
        return run("read " + what, sql, parameters)
                .compose(rows -> rows.size() == 0
                        ? Future.failedFuture(new StoreException.NotFound("there is no such " + what))
                        : Future.succeededFuture(rows.iterator().next()));
    }

    private Future<RowSet<Row>> run(String attempted, String sql, Tuple parameters) {
        return queries.preparedQuery(sql)
                .execute(parameters)
                .recover(failure -> Future.failedFuture(SqlErrors.of(attempted, failure)));
    }
}
