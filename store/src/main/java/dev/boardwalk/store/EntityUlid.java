package dev.boardwalk.store;

import com.github.f4b6a3.ulid.Ulid;
import java.util.Optional;
import java.util.UUID;

/** The public id of an entity: 26 characters outside, a uuid made by the database (its time first) inside. */
public final class EntityUlid {

    private EntityUlid() {}

    /** Empty for what is none. */
    public static Optional<UUID> parse(String text) {
        return Ulid.isValid(text) ? Optional.of(Ulid.from(text).toUuid()) : Optional.empty();
    }

    public static String text(UUID stored) {
        return Ulid.from(stored).toString();
    }
}
