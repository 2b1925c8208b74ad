package dev.boardwalk.graph;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Makes relationships of the bytes of a binary COPY. Used once, by one thread. */
final class EdgeRows {
    /** Signature, flags and length of the extension: what a binary COPY begins with. */
    private static final int HEADER_BYTES = 19;

    /** Types that are recognised by their bytes; organisations have few, and those that come first are the usual ones. */
    private static final int RECOGNISED_MAX = 16;

    private final EdgeList edges = new EdgeList();
    private final Names<String> types = new Names<>();
    private final Names<Long> projects = new Names<>();
    private final List<byte[]> recognised = new ArrayList<>();
    private final short[] recognisedNumbers = new short[RECOGNISED_MAX];
    private final @Nullable Long onlyProject;
    private boolean begun;

    /** @param onlyProject the project of all vertices; null if rows say which */
    EdgeRows(@Nullable Long onlyProject) {
        this.onlyProject = onlyProject;
    }

    /** What {@link #read} expects, in this order. */
    String columns() {
        return onlyProject == null
                ? "source_id, target_id, type, source_project_id, target_project_id"
                : "source_id, target_id, type";
    }

    EdgeList edges() {
        return edges;
    }

    Names<String> types() {
        return types;
    }

    Names<Long> projects() {
        return projects;
    }

    /** Takes what the server sent at once: whole rows. */
    void read(byte[] chunk) {
        ByteBuffer row = ByteBuffer.wrap(chunk);
        if (!begun) {
            row.position(Math.min(HEADER_BYTES, row.limit()));
            begun = true;
        }
        while (row.remaining() >= Short.BYTES) {
            if (row.getShort() < 0) {
                return;
            }
            add(row);
        }
    }

    private void add(ByteBuffer row) {
        long source = number(row);
        long target = number(row);
        short type = type(row);
        long sourceProject = onlyProject == null ? number(row) : onlyProject;
        long targetProject = onlyProject == null ? number(row) : onlyProject;
        edges.add(vertex(source, sourceProject), vertex(target, targetProject), type);
    }

    private int vertex(long id, long project) {
        int known = edges.number(id);
        return known >= 0 ? known : edges.vertex(id, projects.number(project));
    }

    /** A relationship comes with one of few types: only the first of each becomes a string. */
    private short type(ByteBuffer row) {
        int length = row.getInt();
        int from = row.position();
        row.position(from + length);
        byte[] bytes = row.array();
        for (int at = 0; at < recognised.size(); at++) {
            byte[] known = recognised.get(at);
            if (Arrays.equals(known, 0, known.length, bytes, from, from + length)) {
                return recognisedNumbers[at];
            }
        }
        String type = new String(bytes, from, length, StandardCharsets.US_ASCII);
        short number = (short) RelationshipType.number(types, type);
        if (recognised.size() < RECOGNISED_MAX) {
            recognisedNumbers[recognised.size()] = number;
            recognised.add(Arrays.copyOfRange(bytes, from, from + length));
        }
        return number;
    }

    private static long number(ByteBuffer row) {
        int length = row.getInt();
        if (length != Long.BYTES) {
            throw new IllegalStateException("a number of " + length + " bytes in a COPY of edges");
        }
        return row.getLong();
    }
}
