package dev.boardwalk.gateway;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/**
 * A place in JSON [1]: names and indexes from the root on; none for the whole. [1] RFC 6901.
 *
 * @param text as it was written
 */
record JsonPointer(String text, List<String> names) {
    /** Deeper than the content of an entity can be. */
    private static final int DEPTH_MAX = 200;

    private static final Pattern WRONG_ESCAPE = Pattern.compile("~(?![01])");
    private static final Pattern INDEX = Pattern.compile("0|[1-9]\\d{0,8}");

    /** Fails with {@link IllegalArgumentException}. */
    static JsonPointer of(String text) {
        if (!text.isEmpty() && text.charAt(0) != '/'
                || WRONG_ESCAPE.matcher(text).find()) {
            throw new IllegalArgumentException("is not a JSON pointer");
        }
        List<String> names = new ArrayList<>();
        if (!text.isEmpty()) {
            for (String name : text.substring(1).split("/", -1)) {
                names.add(name.replace("~1", "/").replace("~0", "~"));
            }
        }
        if (names.size() > DEPTH_MAX) {
            throw new IllegalArgumentException("goes deeper than " + DEPTH_MAX + " levels");
        }
        return new JsonPointer(text, List.copyOf(names));
    }

    boolean isRoot() {
        return names.isEmpty();
    }

    String last() {
        return names.getLast();
    }

    /** Whether the other place is inside of this one. */
    boolean contains(JsonPointer other) {
        return other.names.size() > names.size()
                && other.names.subList(0, names.size()).equals(names);
    }

    /** A name as a place in a list of this size; -1 if it is none. */
    static int index(String name, int size) {
        int index = INDEX.matcher(name).matches() ? Integer.parseInt(name) : -1;
        return index < size ? index : -1;
    }
}
