package dev.boardwalk.gateway;

import dev.boardwalk.crdt.Folded;
import dev.boardwalk.store.EntityDescription;
import dev.boardwalk.store.HistorySubject;
import dev.boardwalk.store.Moment;
import dev.boardwalk.store.Projection;
import org.jspecify.annotations.Nullable;

/** An entity as it was: where in its history, and what its content came to. */
record Past(HistorySubject subject, Moment moment, Folded folded) {

    /** As the entity's row would have described it. */
    EntityDescription description() {
        Projection meaning = EntityProjection.of(folded);
        return new EntityDescription(
                subject.id(),
                subject.key(),
                subject.ulid(),
                meaning.type(),
                meaning.title(),
                meaning.properties(),
                meaning.stateVector(),
                moment.position(),
                meaning.bytes(),
                subject.createdAt(),
                moment.changedAt(),
                meaning.contentTag(),
                null);
    }

    String json() {
        @Nullable String json = folded.json();
        if (json == null) {
            throw new IllegalStateException("folded without JSON");
        }
        return json;
    }
}
