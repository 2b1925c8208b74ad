package dev.boardwalk.store;

import java.nio.charset.StandardCharsets;

/**
 * The address of an entity: organisation, project and name, as users write it.
 *
 * <p>Project and name are 1–{@value #NAME_BYTES_MAX} bytes of UTF-8 without control characters; anything else is a
 * {@link StoreException.InvalidName}, so a key that exists can be stored.
 */
public record EntityKey(OrganisationId organisation, String project, String name) {

    /** Longest project or entity name in UTF-8 bytes; the contract's limit. */
    public static final int NAME_BYTES_MAX = 255;

    public EntityKey {
        requireName("project name", project);
        requireName("entity name", name);
    }

    /** Fails with {@link StoreException.InvalidName} unless the text may name a project or an entity. */
    static void requireName(String what, String text) {
        if (text.isEmpty()) {
            throw new StoreException.InvalidName(what + " is empty");
        }
        if (!StandardCharsets.UTF_8.newEncoder().canEncode(text)) {
            throw new StoreException.InvalidName(what + " is not valid Unicode (half of a surrogate pair)");
        }
        int bytes = text.getBytes(StandardCharsets.UTF_8).length;
        if (bytes > NAME_BYTES_MAX) {
            throw new StoreException.InvalidName(
                    what + " has " + bytes + " bytes of UTF-8, at most " + NAME_BYTES_MAX + " are allowed");
        }
        for (int at = 0; at < text.length(); at++) {
            if (Character.isISOControl(text.charAt(at))) {
                throw new StoreException.InvalidName(
                        what + " has the control character U+%04X at %d".formatted((int) text.charAt(at), at));
            }
        }
    }

    /** Project and name, as users are told of it: the organisation's number means nothing to them. */
    public String place() {
        return project + "/" + name;
    }

    @Override
    public String toString() {
        return organisation.value() + "/" + place();
    }
}
