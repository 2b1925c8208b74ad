package dev.boardwalk.graph.cypher;

import dev.boardwalk.graph.cypher.Query.Depth;
import dev.boardwalk.graph.cypher.Query.Direction;
import dev.boardwalk.graph.cypher.Query.Entry;
import dev.boardwalk.graph.cypher.Query.Name;
import dev.boardwalk.graph.cypher.Query.Node;
import dev.boardwalk.graph.cypher.Query.Pattern;
import dev.boardwalk.graph.cypher.Query.Relationship;
import dev.boardwalk.graph.cypher.grammar.CypherParser.ChainContext;
import dev.boardwalk.graph.cypher.grammar.CypherParser.ChainedContext;
import dev.boardwalk.graph.cypher.grammar.CypherParser.DetailContext;
import dev.boardwalk.graph.cypher.grammar.CypherParser.MapContext;
import dev.boardwalk.graph.cypher.grammar.CypherParser.NodeContext;
import dev.boardwalk.graph.cypher.grammar.CypherParser.ParameterContext;
import dev.boardwalk.graph.cypher.grammar.CypherParser.PathContext;
import dev.boardwalk.graph.cypher.grammar.CypherParser.PathsContext;
import dev.boardwalk.graph.cypher.grammar.CypherParser.RangeContext;
import dev.boardwalk.graph.cypher.grammar.CypherParser.RelationshipContext;
import java.util.List;
import org.antlr.v4.runtime.ParserRuleContext;
import org.antlr.v4.runtime.Token;
import org.jspecify.annotations.Nullable;

/** The patterns of a query, read from what the parser recognised; counts their elements. */
final class PatternTree {
    private static final int DEPTH_DIGITS_MAX = 9;

    private final CypherLimits limits;
    private final ExpressionTree expressions;
    private int elements;

    PatternTree(CypherLimits limits, ExpressionTree expressions) {
        this.limits = limits;
        this.expressions = expressions;
    }

    /** Of a MATCH or an EXISTS with braces ({@link PathsContext}), or of a pattern as a condition ({@link ChainedContext}). */
    List<Pattern> of(ParserRuleContext context) {
        return switch (context) {
            case PathsContext paths -> patterns(paths);
            case ChainedContext chained ->
                List.of(pattern(chained, null, null, chained.node(), chained.relationship()));
            default -> throw new AssertionError("no pattern: " + context.getClass());
        };
    }

    List<Pattern> patterns(PathsContext context) {
        return context.path().stream().map(this::path).toList();
    }

    private Pattern path(PathContext context) {
        ChainContext chain = context.chain();
        return pattern(
                context,
                context.variable() == null ? null : ExpressionTree.name(context.variable()),
                context.search == null ? null : new Name(place(context.search), context.search.getText()),
                chain.node(),
                chain.relationship());
    }

    private Pattern pattern(
            ParserRuleContext context,
            @Nullable Name variable,
            @Nullable Name search,
            List<NodeContext> nodes,
            List<RelationshipContext> relationships) {
        elements += nodes.size() + relationships.size();
        if (elements > limits.patternElements()) {
            throw new CypherException.TooLarge(
                    place(context.start),
                    "at most " + limits.patternElements() + " nodes and relationships of patterns are answered");
        }
        return new Pattern(
                place(context.start),
                variable,
                search,
                nodes.stream().map(this::node).toList(),
                relationships.stream().map(this::relationship).toList());
    }

    private Node node(NodeContext context) {
        return new Node(
                place(context.start),
                context.variable() == null ? null : ExpressionTree.name(context.variable()),
                context.labels() == null
                        ? List.of()
                        : context.labels().name().stream()
                                .map(ExpressionTree::name)
                                .toList(),
                properties(context.map(), context.parameter()));
    }

    private Relationship relationship(RelationshipContext context) {
        Direction direction = (context.incoming == null) == (context.outgoing == null)
                ? Direction.BOTH
                : context.outgoing == null ? Direction.IN : Direction.OUT;
        DetailContext detail = context.detail();
        if (detail == null) {
            return new Relationship(place(context.start), null, direction, List.of(), List.of(), null);
        }
        return new Relationship(
                place(detail.start),
                detail.variable() == null ? null : ExpressionTree.name(detail.variable()),
                direction,
                detail.types() == null
                        ? List.of()
                        : detail.types().name().stream()
                                .map(ExpressionTree::name)
                                .toList(),
                properties(detail.map(), detail.parameter()),
                detail.range() == null ? null : depth(detail.range()));
    }

    private List<Entry> properties(@Nullable MapContext map, @Nullable ParameterContext parameter) {
        if (parameter != null) {
            throw new CypherException.Unsupported(
                    place(parameter.start),
                    "a parameter cannot stand for all properties: write them out, as in {name: $name}");
        }
        return map == null ? List.of() : expressions.entries(map);
    }

    /** {@code *}, {@code *2}, {@code *2..}, {@code *..4} or {@code *2..4}. */
    private static Depth depth(RangeContext context) {
        Integer least = context.least == null ? null : number(context.least);
        Integer most = context.most == null ? null : number(context.most);
        return new Depth(
                place(context.start), least == null ? 1 : least, context.dots == null && least != null ? least : most);
    }

    private static int number(Token token) {
        if (token.getText().length() > DEPTH_DIGITS_MAX) {
            throw new CypherException.Invalid(place(token), "no pattern has that many steps");
        }
        return Integer.parseInt(token.getText());
    }

    private static Place place(Token token) {
        return SyntaxErrors.place(token);
    }
}
