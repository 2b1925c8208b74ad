package dev.boardwalk.gateway;

import dev.boardwalk.gateway.token.NamePattern;
import dev.boardwalk.gateway.token.Role;
import dev.boardwalk.gateway.token.TokenClaims;
import dev.boardwalk.gateway.token.TokenSettings;
import dev.boardwalk.gateway.token.TokenSigner;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The command that prints a signed token, for trying things out: what gives out tokens in earnest is your own sign-in. */
@Command(
        name = "token",
        description = "Prints a token signed with BOARDWALK_JWT_SECRET, or with the secret of the data folder.",
        mixinStandardHelpOptions = true)
final class TokenCommand implements Callable<Integer> {
    @Option(names = "--org", paramLabel = "O", required = true, description = "The organisation; made on first use")
    private String organisation = "";

    @Option(names = "--user", paramLabel = "U", description = "Whom it is for")
    private @Nullable String user;

    @Option(
            names = "--role",
            paramLabel = "R",
            defaultValue = "editor",
            description = "reader, commenter, editor (the default) or owner")
    private String role = "";

    @Option(
            names = "--project",
            paramLabel = "P",
            description = "Only in this project; may be given more than once; without it: in all")
    private List<String> projects = List.of();

    @Option(
            names = "--entity",
            paramLabel = "E",
            description = "Only entities of this name, in which * stands for anything; may be given more than once")
    private List<String> entities = List.of();

    @Option(names = "--ttl", paramLabel = "D", defaultValue = "1h", description = "How long it holds: 15m, 1h, 30d")
    private String lifetime = "";

    @Option(names = "--operator", description = "May create, suspend and delete organisations")
    private boolean operator;

    @Option(names = "--data", paramLabel = "DIR", description = "Data folder (BOARDWALK_DATA)")
    private @Nullable String data;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() {
        Map<String, String> environment = new HashMap<>(System.getenv());
        if (data != null) {
            environment.put("BOARDWALK_DATA", data);
        }
        GatewaySettings settings = GatewaySettings.from(environment);
        TokenSettings tokens = settings.authentication().tokens(settings.data());
        if (tokens.secret() == null) {
            throw new InvalidSettings(
                    List.of("BOARDWALK_JWT_SECRET is not set: tokens for BOARDWALK_JWKS_URL are signed elsewhere"));
        }
        System.out.println(new TokenSigner(tokens).sign(claims()));
        return 0;
    }

    private TokenClaims claims() {
        try {
            Role given = Role.of(role);
            Map<String, Role> byProject = new HashMap<>();
            projects.forEach(project -> byProject.put(project, given));
            // Tokens tell times in whole seconds.
            Instant now = Instant.ofEpochSecond(Instant.now().getEpochSecond());
            return new TokenClaims(
                    organisation,
                    user,
                    UUID.randomUUID().toString(),
                    projects.isEmpty() ? given : null,
                    byProject,
                    entities.stream().map(NamePattern::new).toList(),
                    now,
                    now.plus(lifetime()),
                    operator,
                    false);
        } catch (IllegalArgumentException wrong) {
            throw new ParameterException(spec.commandLine(), String.valueOf(wrong.getMessage()), wrong);
        }
    }

    private Duration lifetime() {
        Duration duration = SettingsReader.parseDuration(lifetime);
        if (duration.toSeconds() < 1) {
            throw new IllegalArgumentException("--ttl must be at least 1s");
        }
        return duration;
    }
}
