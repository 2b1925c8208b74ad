package dev.boardwalk.gateway;

import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What a caller may do inside their organisation. Asked on hot paths: answers come from memory, without allocation. */
interface Grants {

    /** Of somebody about whom no rules were made: authentication is off. */
    Grants EVERYTHING = new Grants() {
        @Override
        public boolean allow(Right right, String project, @Nullable String name) {
            return true;
        }

        @Override
        public @Nullable Set<String> projects() {
            return null;
        }

        @Override
        public boolean manageOrganisation() {
            return true;
        }
    };

    /**
     * Whether a project, or one entity of it, may be used.
     *
     * @param name of the entity; null asks about the project as a whole
     */
    boolean allow(Right right, String project, @Nullable String name);

    /** The only projects whose content may be seen, for questions that span projects; null means all. */
    @Nullable
    Set<String> projects();

    /** Whether the organisation itself may be managed: who its members are, and what is revoked. */
    boolean manageOrganisation();
}
