package dev.boardwalk.bench;

import dev.boardwalk.gateway.token.Role;
import dev.boardwalk.gateway.token.TokenClaims;
import dev.boardwalk.gateway.token.TokenSettings;
import dev.boardwalk.gateway.token.TokenSigner;
import io.vertx.core.Vertx;
import java.net.URI;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * What a token adds to opening a document: the same opening, from connecting to SyncStep2, at two Boardwalks in turn, one
 * that asks nobody and one that asks for tokens. Each opening shows a token that was never seen before, so that its
 * signature is checked, and in another round one that was, as a client that comes back does.
 */
@Command(name = "auth", description = "What a token adds to opening a document.", mixinStandardHelpOptions = true)
final class AuthCommand implements Callable<Integer> {
    private static final String SECRET = "a secret of thirty-two bytes or more";

    @Option(names = "--openings", defaultValue = "1000", description = "of each kind (default ${DEFAULT-VALUE})")
    private int openings;

    @Override
    public Integer call() {
        if (openings < 10 || openings > 100_000) {
            throw new IllegalArgumentException("openings go from 10 to 100000");
        }
        Vertx vertx = Vertx.vertx();
        TokenSigner signer = new TokenSigner(new TokenSettings(SECRET, null, null, null));
        try (BoardwalkRival free = BoardwalkRival.start();
                BoardwalkRival guarded =
                        BoardwalkRival.start(Map.of("BOARDWALK_AUTH", "jwt", "BOARDWALK_JWT_SECRET", SECRET))) {
            // The first rounds make both servers, and this client, compile what they need.
            measure(vertx, free.rooms(), guarded.rooms(), signer);
            List<Latencies> kinds = measure(vertx, free.rooms(), guarded.rooms(), signer);
            System.out.printf("  %-32s %10s %10s%n", "until synced, ms", "median", "p99");
            List<String> titles = List.of("without tokens", "a token that was seen before", "a new token each");
            for (int kind = 0; kind < kinds.size(); kind++) {
                System.out.printf(
                        Locale.ROOT,
                        "  %-32s %10.2f %10.2f%n",
                        titles.get(kind),
                        kinds.get(kind).millisAt(0.5),
                        kinds.get(kind).millisAt(0.99));
            }
            System.out.printf(
                    Locale.ROOT,
                    "  %-32s %10.2f%n",
                    "a new token adds",
                    kinds.getLast().millisAt(0.5) - kinds.getFirst().millisAt(0.5));
        } finally {
            Waits.await(vertx.close());
        }
        return 0;
    }

    /** In turn, so that whatever else the machine does meets all kinds. */
    private List<Latencies> measure(Vertx vertx, URI free, URI guarded, TokenSigner signer) {
        List<Latencies> kinds = List.of(new Latencies(), new Latencies(), new Latencies());
        String known = token(signer);
        for (int at = 0; at < openings; at++) {
            String room = "auth-" + at % 20;
            kinds.get(0).add(Opening.of(vertx, free, room).nanos());
            kinds.get(1)
                    .add(Opening.of(vertx, guarded, room + "?token=" + known).nanos());
            kinds.get(2)
                    .add(Opening.of(vertx, guarded, room + "?token=" + token(signer))
                            .nanos());
        }
        return kinds;
    }

    /** Tokens tell whole seconds; only the id makes one differ from another. */
    private static String token(TokenSigner signer) {
        Instant now = Instant.ofEpochSecond(Instant.now().getEpochSecond());
        return signer.sign(new TokenClaims(
                "bench",
                "somebody",
                UUID.randomUUID().toString(),
                Role.EDITOR,
                Map.of(),
                List.of(),
                now,
                now.plusSeconds(3_600),
                false,
                false));
    }
}
