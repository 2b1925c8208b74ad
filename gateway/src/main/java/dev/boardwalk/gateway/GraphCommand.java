package dev.boardwalk.gateway;

import dev.boardwalk.graph.Graph;
import dev.boardwalk.graph.GraphLimits;
import dev.boardwalk.graph.GraphRebuild;
import dev.boardwalk.store.Database;
import dev.boardwalk.store.OrganisationId;
import dev.boardwalk.store.StoreException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** The commands on relationships: derive them again from the entities, or see whether that is needed. */
@Command(name = "graph", description = "Works on relationships.", mixinStandardHelpOptions = true)
final class GraphCommand {
    private static final String ORGANISATIONS =
            "select name, org_id from public.organisation where ?::text is null or name = ? order by org_id";

    /** Works beside a running {@code up}; says for each organisation what differed. */
    @Command(
            name = "rebuild",
            description = "Derives relationships again from all entities, and says what differed.",
            mixinStandardHelpOptions = true)
    int rebuild(
            @Option(names = "--org", paramLabel = "O", description = "Only this organisation") @Nullable String only,
            @Option(names = "--data", paramLabel = "DIR", description = "Data folder (BOARDWALK_DATA)") @Nullable
                    String data) {
        return StoredWork.run(data, context -> rebuild(context.database(), only));
    }

    /** Changes nothing; ends with 1 if something differs. */
    @Command(
            name = "check",
            description = "Compares contents, relationships, Apache AGE and the index, and says what differs.",
            mixinStandardHelpOptions = true)
    int check(
            @Option(names = "--org", paramLabel = "O", description = "Only this organisation") @Nullable String only,
            @Option(names = "--data", paramLabel = "DIR", description = "Data folder (BOARDWALK_DATA)") @Nullable
                    String data) {
        return StoredWork.run(data, context -> check(context.database(), only));
    }

    private static int rebuild(Database database, @Nullable String only) {
        try (Graph graph = Graph.open(database, GraphLimits.DEFAULT)) {
            organisations(database, only).forEach((name, id) -> {
                GraphRebuild.Report report = graph.rebuild().run(id);
                System.out.println(line(name, report, 0) + (report.clean() ? "" : ": all repaired"));
            });
            return 0;
        }
    }

    private static int check(Database database, @Nullable String only) {
        boolean clean = true;
        try (Graph graph = Graph.open(database, GraphLimits.DEFAULT)) {
            for (Map.Entry<String, OrganisationId> organisation :
                    organisations(database, only).entrySet()) {
                GraphRebuild.Report report = graph.rebuild().check(organisation.getValue());
                long index = graph.rebuild().differing(organisation.getValue(), graph.index());
                System.out.println(line(organisation.getKey(), report, index));
                clean &= report.clean() && index == 0;
            }
        }
        if (!clean) {
            System.out.println("./boardwalk graph rebuild repairs this");
        }
        return clean ? 0 : 1;
    }

    private static String line(String name, GraphRebuild.Report report, long index) {
        String line = name + ": " + report.entities() + " entities";
        return report.clean() && index == 0
                ? line + ", nothing differed"
                : line + ", differing from the contents " + report.content() + ", from the claims " + report.edges()
                        + ", in Apache AGE " + report.age() + ", in the index " + index;
    }

    private static Map<String, OrganisationId> organisations(Database database, @Nullable String only) {
        Map<String, OrganisationId> found = new LinkedHashMap<>();
        try (Connection connection = database.connections().getConnection();
                PreparedStatement query = connection.prepareStatement(ORGANISATIONS)) {
            query.setString(1, only);
            query.setString(2, only);
            try (ResultSet rows = query.executeQuery()) {
                while (rows.next()) {
                    found.put(rows.getString(1), new OrganisationId(rows.getLong(2)));
                }
            }
        } catch (SQLException failure) {
            throw new StoreException.Unavailable("cannot list organisations: " + failure.getMessage(), failure);
        }
        if (found.isEmpty()) {
            throw new InvalidSettings(List.of("there is no organisation " + only));
        }
        return found;
    }
}
