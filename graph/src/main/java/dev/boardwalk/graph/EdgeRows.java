package dev.boardwalk.graph;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Makes relationships of the bytes of binary COPYs: source, target, the projects of both, type. Not safe for several threads. */
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
    private boolean begun;

    EdgeList edges() {
        return edges;
    }

    Names<String> types() {
        return types;
    }

    Names<Long> projects() {
        return projects;
    }

    /** Adds what another has. */
    void add(EdgeRows others) {
        EdgeList list = others.edges;
        int[] vertices = new int[list.vertices()];
        for (int vertex = 0; vertex < vertices.length; vertex++) {
            vertices[vertex] = vertex(list.id(vertex), others.projects.value(list.project(vertex)));
        }
        short[] numbers = new short[others.types.size()];
        for (int type = 0; type < numbers.length; type++) {
            numbers[type] = (short) RelationshipType.number(types, others.types.value(type));
        }
        for (int at = 0; at < list.size(); at++) {
            edges.add(vertices[list.sources[at]], vertices[list.targets[at]], numbers[list.types[at] & 0xFFFF]);
        }
    }

    /** What follows is the beginning of a COPY. */
    void begin() {
        begun = false;
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
        long sourceProject = number(row);
        long targetProject = number(row);
        edges.add(vertex(source, sourceProject), vertex(target, targetProject), type(row));
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
