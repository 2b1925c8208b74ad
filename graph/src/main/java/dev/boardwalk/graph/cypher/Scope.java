package dev.boardwalk.graph.cypher;

import dev.boardwalk.graph.cypher.Query.Name;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The variables that a clause can refer to: the caller's names, and the names that the database gets instead. */
final class Scope {

    /** What a variable is known to hold. */
    enum Kind {
        NODE,
        RELATIONSHIP,
        PATH,
        VALUE
    }

    /** {@code text} is what stands for the variable in the statement. */
    record Binding(String text, Kind kind) {}

    private final Map<String, Binding> bindings = new LinkedHashMap<>();

    Scope copy() {
        Scope copy = new Scope();
        copy.bindings.putAll(bindings);
        return copy;
    }

    @Nullable
    Binding find(String name) {
        return bindings.get(name);
    }

    Binding of(Place place, String name) {
        Binding binding = bindings.get(name);
        if (binding == null) {
            throw new CypherException.Invalid(place, "there is no variable \"" + name + "\" here");
        }
        return binding;
    }

    /** Gives a name for the first time. */
    void bind(Name name, Binding binding) {
        if (bindings.putIfAbsent(name.text(), binding) != null) {
            throw new CypherException.Invalid(name.place(), "the variable \"" + name.text() + "\" is there already");
        }
    }

    /** Gives a name, whatever it stood for before. */
    void rebind(String name, Binding binding) {
        bindings.put(name, binding);
    }

    boolean holds(Binding binding) {
        return bindings.containsValue(binding);
    }

    /** In the order in which they came. */
    Map<String, Binding> all() {
        return bindings;
    }
}
