package dev.boardwalk.graph;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What has to be written so that the database holds what contents say. */
final class DerivedDifference {

    /** An item of an entity. */
    record Of<T>(DerivedEntity entity, T item) {}

    /** A stored row, by its key. */
    record Row(DerivedEntity entity, long hash) {}

    final List<Row> elementsGone = new ArrayList<>();
    final List<Row> claimsGone = new ArrayList<>();
    final List<Of<DerivedItem.Element>> elementsNew = new ArrayList<>();
    final List<Of<DerivedItem.Element>> elementsChanged = new ArrayList<>();
    final List<Of<DerivedItem.Claim>> claimsNew = new ArrayList<>();
    /** Texts by which rows that go or change refer to entities. */
    final List<Of<String>> namesBefore = new ArrayList<>();

    int size() {
        return elementsGone.size() + claimsGone.size() + elementsNew.size() + elementsChanged.size() + claimsNew.size();
    }

    /** The texts by which a stored claim names its ends, as far as it does. */
    record References(@Nullable String source, @Nullable String target) {}

    /** What is stored of an entity in the compared parts: elements and claims by their hashes. */
    static final class Stored {
        final Map<Long, DerivedItem.Element> elements = new HashMap<>();
        final Map<Long, References> claims = new HashMap<>();
    }

    void compare(DerivedEntity entity, Stored stored) {
        for (DerivedItem.Element element : entity.content().elements().values()) {
            if (!entity.covers(element)) {
                continue;
            }
            DerivedItem.Element before = stored.elements.remove(element.hash());
            if (before == null) {
                elementsNew.add(new Of<>(entity, element));
            } else if ((before.reference() == null) != (element.reference() == null)) {
                // From a vertex of its own to one that stands for another, or back: another row, another id.
                gone(entity, element.hash(), before.reference());
                elementsNew.add(new Of<>(entity, element));
            } else if (before.digest() != element.digest()) {
                elementsChanged.add(new Of<>(entity, element));
                name(entity, before.reference());
            }
        }
        stored.elements.forEach((hash, element) -> gone(entity, hash, element.reference()));
        for (DerivedItem.Claim claim : entity.content().claims().values()) {
            if (entity.covers(claim) && stored.claims.remove(claim.hash()) == null) {
                claimsNew.add(new Of<>(entity, claim));
            }
        }
        stored.claims.forEach((hash, references) -> {
            claimsGone.add(new Row(entity, hash));
            name(entity, references.source);
            name(entity, references.target);
        });
    }

    private void gone(DerivedEntity entity, long hash, @Nullable String reference) {
        elementsGone.add(new Row(entity, hash));
        name(entity, reference);
    }

    private void name(DerivedEntity entity, @Nullable String reference) {
        if (reference != null) {
            namesBefore.add(new Of<>(entity, reference));
        }
    }
}
