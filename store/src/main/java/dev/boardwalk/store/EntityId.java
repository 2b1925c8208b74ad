package dev.boardwalk.store;

/** The stored identity of an entity: it survives the entity's name, and names one organisation by construction. */
public record EntityId(OrganisationId organisation, long number) {

    public EntityId {
        if (number < 1) {
            throw new IllegalArgumentException("entity number must be at least 1, was " + number);
        }
    }

    @Override
    public String toString() {
        return organisation.value() + ":" + number;
    }
}
