package dev.boardwalk.graph.cypher;

import dev.boardwalk.graph.cypher.Expression.Exists;
import dev.boardwalk.graph.cypher.Expression.Literal;
import dev.boardwalk.graph.cypher.Expression.Parameter;
import dev.boardwalk.graph.cypher.Query.Direction;
import dev.boardwalk.graph.cypher.Query.Entry;
import dev.boardwalk.graph.cypher.Query.Name;
import dev.boardwalk.graph.cypher.Query.Node;
import dev.boardwalk.graph.cypher.Query.Pattern;
import dev.boardwalk.graph.cypher.Query.Relationship;
import dev.boardwalk.graph.cypher.Scope.Binding;
import dev.boardwalk.graph.cypher.Scope.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Writes patterns for the database, each node and relationship confined to what the caller may see.
 *
 * <p>Every element gets a variable and the organisation's number among its properties, whether the caller named it or
 * not. One that is bound already was confined where it was bound.
 */
final class PatternWriter {
    static final String RELATED = "RELATED";

    /** What can be read from a node. */
    static final List<String> PROPERTIES = List.of("id", "name", "type", "title", "project", "element");

    private static final List<String> LABELS = List.of("Entity", "Element");

    /** The types that have a label of their own. */
    private static final Set<String> TYPES = Set.of("DEPENDS_ON", "CONTAINS", "LINKS_TO", "VERSION_OF", "CONNECTS");

    private final Values values;
    private final Reach reach;
    private final ExpressionWriter expressions;

    /** A pattern as the database reads it, and what has to hold besides. */
    record Written(String text, List<String> conditions) {}

    PatternWriter(Values values, Reach reach, ExpressionWriter expressions) {
        this.values = values;
        this.reach = reach;
        this.expressions = expressions;
    }

    /** Writes a clause's patterns and its condition; binds the variables that it brings in the scope. */
    String match(String keyword, List<Pattern> patterns, @Nullable Expression where, Scope scope) {
        List<String> conditions = new ArrayList<>();
        String text = patterns.stream()
                .map(pattern -> pattern(pattern, scope, conditions))
                .collect(Collectors.joining(", "));
        if (where != null) {
            conditions.add(expressions.write(where, scope, false));
        }
        return keyword + " " + text + (conditions.isEmpty() ? "" : " WHERE " + String.join(" AND ", conditions));
    }

    /** Whether there is such a pattern. Its own variables are not seen outside. */
    String exists(Exists exists, Scope scope) {
        return "EXISTS { " + match("MATCH", exists.patterns(), exists.where(), scope.copy()) + " }";
    }

    static String label(Name name) {
        if (!LABELS.contains(name.text())) {
            throw new CypherException.Unsupported(
                    name.place(),
                    "there is no label \"" + name.text()
                            + "\"; there are Entity and Element, and a type is asked for by a.type = '…'");
        }
        return name.text();
    }

    static CypherException searched(Place place) {
        return new CypherException.Unsupported(
                place,
                "shortest paths are not answered in Cypher: use GET /api/v1/projects/{project}/path?from=…&to=…");
    }

    private String pattern(Pattern pattern, Scope scope, List<String> conditions) {
        if (pattern.search() != null) {
            throw searched(pattern.search().place());
        }
        StringBuilder text = new StringBuilder(node(pattern.nodes().getFirst(), scope, conditions));
        for (int at = 0; at < pattern.relationships().size(); at++) {
            text.append(relationship(pattern.relationships().get(at), scope, conditions));
            text.append(node(pattern.nodes().get(at + 1), scope, conditions));
        }
        Name variable = pattern.variable();
        if (variable == null) {
            return text.toString();
        }
        Binding binding = new Binding(values.newVariable(variable), Kind.PATH);
        scope.bind(variable, binding);
        return binding.text() + " = " + text;
    }

    private String node(Node node, Scope scope, List<String> conditions) {
        Name variable = node.variable();
        Binding bound = variable == null ? null : scope.find(variable.text());
        if (bound != null) {
            return again(node, bound, scope, conditions);
        }
        if (node.labels().size() > 1) {
            throw new CypherException.Unsupported(
                    node.labels().get(1).place(), "a node has one label, Entity or Element");
        }
        Binding binding = new Binding(values.newVariable(variable), Kind.NODE);
        String label = node.labels().isEmpty() ? "" : ":" + label(node.labels().getFirst());
        String properties = confined(binding.text(), node.properties(), null, scope, conditions);
        if (reach.projects() != null) {
            conditions.add(
                    "(" + binding.text() + ".`" + Internals.PROJECT + "` IN " + values.value(reach.projects()) + ")");
        }
        if (variable != null) {
            scope.bind(variable, binding);
        }
        return "(" + binding.text() + label + properties + ")";
    }

    /** A node that was there before; what is said of it now are further conditions. */
    private String again(Node node, Binding bound, Scope scope, List<String> conditions) {
        if (bound.kind() != Kind.NODE) {
            throw new CypherException.Unsupported(
                    node.place(), "the variable does not stand for a node of a pattern, and cannot be one here");
        }
        for (Name label : node.labels()) {
            conditions.add("(label(" + bound.text() + ") = " + values.value(label(label)) + ")");
        }
        for (Entry entry : node.properties()) {
            conditions.add(equal(bound.text(), entry, scope));
        }
        return "(" + bound.text() + ")";
    }

    private String relationship(Relationship relationship, Scope scope, List<String> conditions) {
        if (relationship.depth() != null) {
            throw new CypherException.Unsupported(
                    relationship.depth().place(),
                    "relationships of variable length are not answered in Cypher: use"
                            + " GET /api/v1/projects/{project}/entities/{name}/dependents?depth=… or …/dependencies?depth=…");
        }
        Name variable = relationship.variable();
        if (variable != null && scope.find(variable.text()) != null) {
            throw new CypherException.Unsupported(
                    variable.place(),
                    "the variable \"" + variable.text() + "\" is there already: a relationship needs its own");
        }
        Binding binding = new Binding(values.newVariable(variable), Kind.RELATIONSHIP);
        List<String> types =
                relationship.types().stream().map(Name::text).distinct().toList();
        String only = types.size() == 1 ? types.getFirst() : null;
        String label = only == null ? "" : ":" + (TYPES.contains(only) ? only : RELATED);
        if (types.size() > 1) {
            conditions.add(oneOf(binding.text(), types));
        }
        String free = only == null || TYPES.contains(only) ? null : only;
        String text = "[" + binding.text() + label
                + confined(binding.text(), relationship.properties(), free, scope, conditions) + "]";
        if (variable != null) {
            scope.bind(variable, binding);
        }
        return (relationship.direction() == Direction.IN ? "<-" : "-")
                + text
                + (relationship.direction() == Direction.OUT ? "->" : "-");
    }

    private String oneOf(String relationship, List<String> types) {
        List<String> own = types.stream().filter(TYPES::contains).toList();
        List<String> free = types.stream().filter(type -> !TYPES.contains(type)).toList();
        return "((type(" + relationship + ") IN " + values.value(own) + ") OR ((type(" + relationship + ") = "
                + values.value(RELATED) + ") AND (" + relationship + ".`type` IN " + values.value(free) + ")))";
    }

    /** The properties by which the database finds an element; what has to be computed first becomes a condition. */
    private String confined(
            String element, List<Entry> entries, @Nullable String type, Scope scope, List<String> conditions) {
        StringBuilder text = new StringBuilder(" {`")
                .append(Internals.ORGANISATION)
                .append("`: ")
                .append(reach.organisation().value());
        if (type != null) {
            text.append(", `type`: ").append(values.value(type));
        }
        for (Entry entry : entries) {
            if (type == null && (entry.value() instanceof Literal || entry.value() instanceof Parameter)) {
                text.append(", ").append(ExpressionWriter.key(entry.key())).append(": ");
                text.append(expressions.write(entry.value(), scope, false));
            } else {
                conditions.add(equal(element, entry, scope));
            }
        }
        return text.append('}').toString();
    }

    private String equal(String element, Entry entry, Scope scope) {
        return "(" + element + "." + ExpressionWriter.key(entry.key()) + " = "
                + expressions.write(entry.value(), scope, false) + ")";
    }
}
