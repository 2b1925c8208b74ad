package dev.boardwalk.graph.cypher;

import dev.boardwalk.graph.cypher.Expression.Call;
import dev.boardwalk.graph.cypher.Expression.Chain;
import dev.boardwalk.graph.cypher.Expression.Choice;
import dev.boardwalk.graph.cypher.Expression.Comparison;
import dev.boardwalk.graph.cypher.Expression.Exists;
import dev.boardwalk.graph.cypher.Expression.HasLabel;
import dev.boardwalk.graph.cypher.Expression.Link;
import dev.boardwalk.graph.cypher.Expression.ListOf;
import dev.boardwalk.graph.cypher.Expression.MapOf;
import dev.boardwalk.graph.cypher.Expression.Negative;
import dev.boardwalk.graph.cypher.Expression.Not;
import dev.boardwalk.graph.cypher.Expression.NullTest;
import dev.boardwalk.graph.cypher.Expression.Parameter;
import dev.boardwalk.graph.cypher.Expression.Property;
import dev.boardwalk.graph.cypher.Expression.Slice;
import dev.boardwalk.graph.cypher.Expression.Subscript;
import dev.boardwalk.graph.cypher.Expression.Test;
import dev.boardwalk.graph.cypher.Expression.Variable;
import dev.boardwalk.graph.cypher.Expression.When;
import dev.boardwalk.graph.cypher.Query.Entry;
import dev.boardwalk.graph.cypher.Query.Name;
import dev.boardwalk.graph.cypher.Query.Pattern;
import dev.boardwalk.graph.cypher.grammar.CypherParser.AtomContext;
import dev.boardwalk.graph.cypher.grammar.CypherParser.CallContext;
import dev.boardwalk.graph.cypher.grammar.CypherParser.ChoiceContext;
import dev.boardwalk.graph.cypher.grammar.CypherParser.ComparisonContext;
import dev.boardwalk.graph.cypher.grammar.CypherParser.ConjunctionContext;
import dev.boardwalk.graph.cypher.grammar.CypherParser.ExclusiveContext;
import dev.boardwalk.graph.cypher.grammar.CypherParser.ExistsContext;
import dev.boardwalk.graph.cypher.grammar.CypherParser.ExpressionContext;
import dev.boardwalk.graph.cypher.grammar.CypherParser.MapContext;
import dev.boardwalk.graph.cypher.grammar.CypherParser.NegationContext;
import dev.boardwalk.graph.cypher.grammar.CypherParser.ParameterContext;
import dev.boardwalk.graph.cypher.grammar.CypherParser.PostfixContext;
import dev.boardwalk.graph.cypher.grammar.CypherParser.PowerContext;
import dev.boardwalk.graph.cypher.grammar.CypherParser.PredicateContext;
import dev.boardwalk.graph.cypher.grammar.CypherParser.ProductContext;
import dev.boardwalk.graph.cypher.grammar.CypherParser.SignedContext;
import dev.boardwalk.graph.cypher.grammar.CypherParser.SuffixContext;
import dev.boardwalk.graph.cypher.grammar.CypherParser.SumContext;
import dev.boardwalk.graph.cypher.grammar.CypherParser.TestContext;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import org.antlr.v4.runtime.ParserRuleContext;
import org.antlr.v4.runtime.tree.ParseTree;
import org.jspecify.annotations.Nullable;

/** The expressions of a query, read from what the parser recognised. */
final class ExpressionTree {
    /** {@code a.b.c[0]}: what is read from a value, one after the other, is a tree that deep. */
    private static final int SUFFIXES_MAX = 16;

    private final Function<ParserRuleContext, List<Pattern>> patterns;

    /** Patterns hold expressions, and expressions patterns: the other reader is given as a function. */
    ExpressionTree(Function<ParserRuleContext, List<Pattern>> patterns) {
        this.patterns = patterns;
    }

    Expression of(ExpressionContext context) {
        return chain(context, child -> exclusive((ExclusiveContext) child));
    }

    List<Entry> entries(MapContext context) {
        return context.entry().stream()
                .map(entry -> new Entry(name(entry.name()), of(entry.expression())))
                .toList();
    }

    /** Of a variable, property, label or type, without the backticks. */
    static Name name(ParserRuleContext context) {
        String text = context.getText();
        if (text.startsWith("`")) {
            text = text.substring(1, text.length() - 1).replace("``", "`");
        }
        return new Name(place(context), text);
    }

    private Expression exclusive(ExclusiveContext context) {
        return chain(context, child -> conjunction((ConjunctionContext) child));
    }

    private Expression conjunction(ConjunctionContext context) {
        return chain(context, child -> negation((NegationContext) child));
    }

    private Expression negation(NegationContext context) {
        Expression of = comparison(context.comparison());
        return context.NOT().size() % 2 == 0 ? of : new Not(place(context), of);
    }

    private Expression comparison(ComparisonContext context) {
        Expression first = predicate(context.predicate(0));
        List<Link> links = links(context, child -> predicate((PredicateContext) child));
        return links.isEmpty() ? first : new Comparison(place(context), first, links);
    }

    private Expression predicate(PredicateContext context) {
        Expression of = sum(context.sum());
        if (context.test().size() > SUFFIXES_MAX) {
            throw new CypherException.TooLarge(
                    place(context), "at most " + SUFFIXES_MAX + " tests in a row are answered");
        }
        for (TestContext test : context.test()) {
            of = test.IS() != null
                    ? new NullTest(place(test), of, test.NOT() == null)
                    : new Test(place(test), of, operator(test), sum(test.sum()));
        }
        return of;
    }

    private static String operator(TestContext test) {
        return test.IN() != null
                ? "IN"
                : test.STARTS() != null ? "STARTS WITH" : test.ENDS() != null ? "ENDS WITH" : "CONTAINS";
    }

    private Expression sum(SumContext context) {
        return chain(context, child -> product((ProductContext) child));
    }

    private Expression product(ProductContext context) {
        return chain(context, child -> power((PowerContext) child));
    }

    private Expression power(PowerContext context) {
        return chain(context, child -> signed((SignedContext) child));
    }

    private Expression signed(SignedContext context) {
        Expression of = postfix(context.postfix());
        long minuses = context.children.stream()
                .filter(child -> child.getText().equals("-"))
                .count();
        return minuses % 2 == 0 ? of : new Negative(place(context), of);
    }

    private Expression postfix(PostfixContext context) {
        Expression of = atom(context.atom());
        if (context.suffix().size() > SUFFIXES_MAX) {
            throw new CypherException.TooLarge(
                    place(context), "at most " + SUFFIXES_MAX + " properties or indexes in a row are answered");
        }
        for (SuffixContext suffix : context.suffix()) {
            of = suffix(of, suffix);
        }
        return of;
    }

    private Expression suffix(Expression of, SuffixContext context) {
        Place place = of.place();
        if (context.name() != null) {
            return new Property(place, of, name(context.name()));
        }
        if (context.labels() != null) {
            return new HasLabel(
                    place,
                    of,
                    context.labels().name().stream().map(ExpressionTree::name).toList());
        }
        return context.dots == null
                ? new Subscript(place, of, of(context.index))
                : new Slice(place, of, maybe(context.from), maybe(context.to));
    }

    private Expression atom(AtomContext context) {
        Place place = place(context);
        return switch (context.getChild(0)) {
            case ParameterContext parameter -> new Parameter(place, parameterName(parameter));
            case ChoiceContext choice -> choice(choice);
            case ExistsContext exists -> exists(exists);
            case CallContext call -> call(call);
            case MapContext map -> new MapOf(place, entries(map));
            default -> {
                if (context.literal() != null) {
                    yield Literals.of(context.literal().start, place);
                }
                if (context.chained() != null) {
                    yield new Exists(place, patterns.apply(context.chained()), null);
                }
                if (context.list() != null) {
                    yield new ListOf(
                            place,
                            context.list().expression().stream().map(this::of).toList());
                }
                yield context.expression() != null
                        ? of(context.expression())
                        : new Variable(place, name(context.variable()).text());
            }
        };
    }

    private static String parameterName(ParameterContext context) {
        return context.name() == null
                ? context.INTEGER().getText()
                : name(context.name()).text();
    }

    private Expression choice(ChoiceContext context) {
        return new Choice(
                place(context),
                maybe(context.of),
                context.when().stream()
                        .map(when -> new When(of(when.condition), of(when.value)))
                        .toList(),
                maybe(context.otherwise));
    }

    private Expression exists(ExistsContext context) {
        Place place = place(context);
        if (context.paths() != null) {
            return new Exists(
                    place,
                    patterns.apply(context.paths()),
                    context.where() == null ? null : of(context.where().expression()));
        }
        return switch (of(context.expression())) {
            case Exists pattern -> pattern;
            case Property property -> new NullTest(place, property, false);
            case Expression other ->
                throw new CypherException.Unsupported(
                        other.place(), "exists() takes a pattern or a property; for values there is IS NOT NULL");
        };
    }

    private Expression call(CallContext context) {
        return new Call(
                place(context),
                context.function().getText().replace("`", ""),
                context.DISTINCT() != null,
                context.star != null,
                context.expression().stream().map(this::of).toList());
    }

    private @Nullable Expression maybe(@Nullable ExpressionContext context) {
        return context == null ? null : of(context);
    }

    private static Expression chain(ParserRuleContext context, Function<ParseTree, Expression> operand) {
        Expression first = operand.apply(context.getChild(0));
        List<Link> links = links(context, operand);
        return links.isEmpty() ? first : new Chain(place(context), first, links);
    }

    /** Operators stand at the odd places, operands at the even ones. */
    private static List<Link> links(ParserRuleContext context, Function<ParseTree, Expression> operand) {
        List<Link> links = new ArrayList<>();
        for (int at = 1; at + 1 < context.getChildCount(); at += 2) {
            String operator = context.getChild(at).getText().toUpperCase(Locale.ROOT);
            links.add(new Link(operator, operand.apply(context.getChild(at + 1))));
        }
        return links;
    }

    private static Place place(ParserRuleContext context) {
        return SyntaxErrors.place(context.start);
    }
}
