package dev.boardwalk.store;

import java.time.Instant;

/**
 * Something that ends what somebody was allowed to do.
 *
 * @param value the user, the token's id, or the project; for an organisation nothing
 * @param at by the database's clock
 */
public record Revocation(long number, OrganisationId organisation, Kind kind, String value, Instant at) {

    /** What is meant. */
    public enum Kind {
        /** All tokens that a user was given until then. */
        USER,
        /** One token. */
        TOKEN,
        /** All tokens given out until then, in one project. */
        PROJECT,
        /** A user's role was changed: what they may is looked up again. */
        MEMBER,
        /** The organisation was suspended, deleted or opened again. */
        ORGANISATION
    }
}
