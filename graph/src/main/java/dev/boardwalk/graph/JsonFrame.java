package dev.boardwalk.graph;

import org.jspecify.annotations.Nullable;

/** An object (or array) that a reading of properties is inside of: what it is for the graph, and the texts it needs. */
final class JsonFrame {

    /** What an object is for the graph. */
    enum Role {
        /** The properties themselves. */
        ROOTS,
        /** The root {@code nodes}. */
        NODES,
        NODE,
        /** {@code data} of a node, where React Flow keeps its label. */
        DATA,
        /** The root {@code edges}. */
        EDGES,
        EDGE,
        OTHER
    }

    private final Role role;
    private final String key;
    private final @Nullable JsonFrame parent;
    private String field = "";
    private @Nullable String reference;
    private @Nullable String type;
    private @Nullable String source;
    private @Nullable String target;
    private @Nullable String entity;
    private @Nullable String text;
    private @Nullable String label;

    private JsonFrame(Role role, String key, @Nullable JsonFrame parent) {
        this.role = role;
        this.key = key;
        this.parent = parent;
    }

    static JsonFrame array() {
        return new JsonFrame(Role.OTHER, "", null);
    }

    static JsonFrame object(@Nullable JsonFrame parent) {
        if (parent == null) {
            return new JsonFrame(Role.ROOTS, "", null);
        }
        String key = parent.field;
        Role role = switch (parent.role) {
            case ROOTS -> key.equals("nodes") ? Role.NODES : key.equals("edges") ? Role.EDGES : Role.OTHER;
            case NODES -> Role.NODE;
            case EDGES -> Role.EDGE;
            case NODE -> key.equals("data") ? Role.DATA : Role.OTHER;
            case DATA, EDGE, OTHER -> Role.OTHER;
        };
        return new JsonFrame(role, key, role == Role.DATA ? parent : null);
    }

    void field(String name) {
        field = name;
    }

    /** Whether the text that comes next means anything here. */
    boolean wantsText() {
        return switch (field) {
            case "$ref", "type" -> true;
            case "source", "target" -> role == Role.EDGE;
            case "entity", "text", "title" -> role == Role.NODE;
            case "label" -> role == Role.NODE || role == Role.DATA;
            default -> false;
        };
    }

    void text(String value) {
        switch (field) {
            case "$ref" -> reference = value;
            case "type" -> type = value;
            case "source" -> source = value;
            case "target" -> target = value;
            case "entity" -> entity = value;
            case "text" -> text = value;
            case "title", "label" -> label = value;
            default -> {}
        }
    }

    /** Gives a label to the node whose data these are, unless it says one itself. */
    void labelParent() {
        if (parent != null && parent.label == null) {
            parent.label = label;
        }
    }

    Role role() {
        return role;
    }

    /** The name under which it stands in the object around it. */
    String key() {
        return key;
    }

    @Nullable
    String reference() {
        return reference;
    }

    @Nullable
    String type() {
        return type;
    }

    @Nullable
    String source() {
        return source;
    }

    @Nullable
    String target() {
        return target;
    }

    @Nullable
    String entity() {
        return entity;
    }

    /** What a node shows: its text, else its title or label. */
    @Nullable
    String title() {
        return text == null || text.isBlank() ? label : text;
    }
}
