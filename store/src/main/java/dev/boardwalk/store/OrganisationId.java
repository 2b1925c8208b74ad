package dev.boardwalk.store;

/** The number of an organisation (tenant): the first part of every key in the database. */
public record OrganisationId(long value) {

    /** The organisation that the first migration makes; everything belongs to it while authentication is off. */
    public static final OrganisationId LOCAL = new OrganisationId(1);

    public OrganisationId {
        if (value < 1) {
            throw new IllegalArgumentException("organisation number must be at least 1, was " + value);
        }
    }
}
