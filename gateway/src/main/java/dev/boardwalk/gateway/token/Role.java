package dev.boardwalk.gateway.token;

import java.util.Locale;

/** What somebody is in a project, weakest first. */
public enum Role {
    /** Sees content. */
    READER,
    /** Sees content and is seen: awareness and stateless messages. */
    COMMENTER,
    /** Changes content, and creates entities by using them. */
    EDITOR,
    /** Says who may do what, besides everything else. */
    OWNER;

    /** As tokens and settings write it. */
    public String text() {
        return name().toLowerCase(Locale.ROOT);
    }

    /**
     * Reads a role as it is written.
     *
     * @throws IllegalArgumentException with the roles that there are
     */
    public static Role of(String text) {
        for (Role role : values()) {
            if (role.text().equals(text)) {
                return role;
            }
        }
        throw new IllegalArgumentException("must be reader, commenter, editor or owner, not " + text);
    }
}
