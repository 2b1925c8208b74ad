package dev.boardwalk.graph.cypher;

import dev.boardwalk.graph.cypher.Query.Branch;
import dev.boardwalk.graph.cypher.Query.Clause;
import dev.boardwalk.graph.cypher.Query.Item;
import dev.boardwalk.graph.cypher.Query.Match;
import dev.boardwalk.graph.cypher.Query.Pattern;
import dev.boardwalk.graph.cypher.Query.Projection;
import dev.boardwalk.graph.cypher.Query.Result;
import dev.boardwalk.graph.cypher.Query.Sort;
import dev.boardwalk.graph.cypher.Query.Unwind;
import dev.boardwalk.graph.cypher.Query.With;
import dev.boardwalk.graph.cypher.grammar.CypherParser.BranchContext;
import dev.boardwalk.graph.cypher.grammar.CypherParser.ClauseContext;
import dev.boardwalk.graph.cypher.grammar.CypherParser.ItemContext;
import dev.boardwalk.graph.cypher.grammar.CypherParser.MatchContext;
import dev.boardwalk.graph.cypher.grammar.CypherParser.ProjectionContext;
import dev.boardwalk.graph.cypher.grammar.CypherParser.StatementContext;
import dev.boardwalk.graph.cypher.grammar.CypherParser.UnionContext;
import dev.boardwalk.graph.cypher.grammar.CypherParser.WhereContext;
import java.util.ArrayList;
import java.util.List;
import org.antlr.v4.runtime.ParserRuleContext;
import org.antlr.v4.runtime.misc.Interval;
import org.jspecify.annotations.Nullable;

/** The clauses of a query, read from what the parser recognised; counts what is limited. */
final class QueryTree {
    private static final int COLUMNS_MAX = 100;
    private static final int COLUMN_NAME_CHARACTERS_MAX = 200;

    private final CypherLimits limits;
    private final ExpressionTree expressions = new ExpressionTree(this::patterns);
    private final PatternTree patternTree;
    private int clauses;

    QueryTree(CypherLimits limits) {
        this.limits = limits;
        this.patternTree = new PatternTree(limits, expressions);
    }

    Query query(StatementContext context) {
        List<Branch> branches = new ArrayList<>();
        branches.add(branch(context.branch(), false));
        for (UnionContext union : context.union()) {
            if (branches.size() == limits.branches()) {
                throw new CypherException.TooLarge(
                        place(union), "at most " + limits.branches() + " queries can be joined by UNION");
            }
            branches.add(branch(union.branch(), union.ALL() != null));
        }
        return new Query(branches);
    }

    private Branch branch(BranchContext context, boolean all) {
        List<Clause> read = new ArrayList<>();
        for (ClauseContext clause : context.clause()) {
            if (!read.isEmpty() && read.getLast() instanceof Result) {
                throw new CypherException.Invalid(place(clause), "nothing can follow RETURN but UNION");
            }
            if (++clauses > limits.clauses()) {
                throw new CypherException.TooLarge(
                        place(clause), "at most " + limits.clauses() + " clauses are answered");
            }
            read.add(clause(clause));
        }
        if (!(read.getLast() instanceof Result)) {
            throw new CypherException.Invalid(read.getLast().place(), "a query has to end with RETURN");
        }
        return new Branch(place(context), all, read);
    }

    private Clause clause(ClauseContext context) {
        if (context.match() != null) {
            MatchContext match = context.match();
            return new Match(
                    place(match), match.OPTIONAL() != null, patternTree.patterns(match.paths()), where(match.where()));
        }
        if (context.unwind() != null) {
            return new Unwind(
                    place(context),
                    expressions.of(context.unwind().expression()),
                    ExpressionTree.name(context.unwind().variable()));
        }
        return context.with() != null
                ? new With(
                        projection(context.with().projection()),
                        where(context.with().where()))
                : new Result(projection(context.result().projection()));
    }

    private List<Pattern> patterns(ParserRuleContext context) {
        return patternTree.of(context);
    }

    private @Nullable Expression where(@Nullable WhereContext context) {
        return context == null ? null : expressions.of(context.expression());
    }

    private Projection projection(ProjectionContext context) {
        List<Item> items = context.item().stream().map(this::item).toList();
        if (items.size() > COLUMNS_MAX) {
            throw new CypherException.TooLarge(place(context), "at most " + COLUMNS_MAX + " columns are answered");
        }
        List<Sort> order = context.order() == null
                ? List.of()
                : context.order().sort().stream()
                        .map(sort -> new Sort(expressions.of(sort.expression()), sort.descending != null))
                        .toList();
        return new Projection(
                place(context),
                context.DISTINCT() != null,
                context.star != null,
                items,
                order,
                context.skipped() == null
                        ? null
                        : expressions.of(context.skipped().expression()),
                context.limited() == null
                        ? null
                        : expressions.of(context.limited().expression()));
    }

    private Item item(ItemContext context) {
        ParserRuleContext value = context.expression();
        String text = value.start
                .getInputStream()
                .getText(Interval.of(value.start.getStartIndex(), value.stop.getStopIndex()));
        return new Item(
                expressions.of(context.expression()),
                text.length() <= COLUMN_NAME_CHARACTERS_MAX
                        ? text
                        : text.substring(0, COLUMN_NAME_CHARACTERS_MAX) + "…",
                context.variable() == null ? null : ExpressionTree.name(context.variable()));
    }

    private static Place place(ParserRuleContext context) {
        return SyntaxErrors.place(context.start);
    }
}
