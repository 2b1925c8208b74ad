package dev.boardwalk.gateway;

import dev.boardwalk.gateway.token.TokenSettings;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Whether callers have to show tokens, and whose.
 *
 * @param required whether anybody without a token is refused; off, everybody may do everything, on loopback only
 * @param secret of HS256; null without keys means that one is made and kept in the data folder
 * @param keys where public keys are published (JWKS); null if nowhere
 */
public record AuthenticationSettings(
        boolean required,
        @Nullable String secret,
        @Nullable URI keys,
        @Nullable String issuer,
        @Nullable String audience) {

    private static final int SECRET_BYTES = 48;

    static AuthenticationSettings read(SettingsReader reader) {
        boolean required =
                reader.choice("BOARDWALK_AUTH", "none", List.of("none", "jwt")).equals("jwt");
        AuthenticationSettings settings = new AuthenticationSettings(
                required,
                reader.optional("BOARDWALK_JWT_SECRET", AuthenticationSettings::secret),
                reader.optional("BOARDWALK_JWKS_URL", AuthenticationSettings::address),
                reader.optional("BOARDWALK_JWT_ISSUER", text -> text),
                reader.optional("BOARDWALK_JWT_AUDIENCE", text -> text));
        if (!required && settings.keys != null) {
            reader.problem("BOARDWALK_JWKS_URL has no meaning without BOARDWALK_AUTH=jwt");
        }
        return settings;
    }

    List<String> lines() {
        return List.of(
                "BOARDWALK_AUTH=" + (required ? "jwt" : "none"),
                "BOARDWALK_JWT_SECRET=" + (secret != null ? "(set)" : keys != null ? "(none)" : "(in the data folder)"),
                "BOARDWALK_JWKS_URL=" + (keys == null ? "(none)" : keys),
                "BOARDWALK_JWT_ISSUER=" + (issuer == null ? "(any)" : issuer),
                "BOARDWALK_JWT_AUDIENCE=" + (audience == null ? "(any)" : audience));
    }

    /**
     * Whose tokens are accepted. Without a secret and without keys a secret of the data folder serves, which is made when
     * it is first needed, readable by its owner alone.
     */
    TokenSettings tokens(Path data) {
        String shared = secret != null || keys != null ? secret : kept(data.resolve("jwt-secret"));
        return new TokenSettings(shared, keys, issuer, audience);
    }

    private static String kept(Path file) {
        try {
            try {
                return Files.readString(file, StandardCharsets.UTF_8).strip();
            } catch (NoSuchFileException first) {
                return make(file);
            }
        } catch (IOException failure) {
            throw new UncheckedIOException("cannot keep the secret for tokens in " + file, failure);
        }
    }

    private static String make(Path file) throws IOException {
        byte[] random = new byte[SECRET_BYTES];
        new SecureRandom().nextBytes(random);
        String secret = Base64.getUrlEncoder().withoutPadding().encodeToString(random);
        Files.createDirectories(file.toAbsolutePath().getParent());
        // Written aside and linked into place: nobody reads half a secret, and of two who make one the first wins.
        Path aside = Files.createTempFile(
                file.toAbsolutePath().getParent(),
                "jwt-secret",
                "",
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        try {
            Files.writeString(aside, secret + "\n", StandardCharsets.UTF_8, StandardOpenOption.SYNC);
            Files.createLink(file, aside);
            return secret;
        } catch (FileAlreadyExistsException other) {
            return Files.readString(file, StandardCharsets.UTF_8).strip();
        } finally {
            Files.delete(aside);
        }
    }

    private static String secret(String text) {
        if (text.getBytes(StandardCharsets.UTF_8).length < TokenSettings.SECRET_BYTES_MIN) {
            throw new IllegalArgumentException("must be at least " + TokenSettings.SECRET_BYTES_MIN + " bytes long");
        }
        return text;
    }

    private static URI address(String text) {
        URI address = URI.create(text);
        if (!"http".equals(address.getScheme()) && !"https".equals(address.getScheme())) {
            throw new IllegalArgumentException("must be an http or https address, not " + text);
        }
        return address;
    }

    @Override
    public String toString() {
        return String.join(" ", lines());
    }
}
