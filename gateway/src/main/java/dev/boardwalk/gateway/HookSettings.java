package dev.boardwalk.gateway;

import java.net.URI;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Where an application is called, and how it can tell that it is us.
 *
 * @param secret key of the signatures
 * @param timeout after this long without an answer a call has failed
 */
public record HookSettings(URI url, String secret, Duration timeout) {
    private static final Duration TIMEOUT = Duration.ofSeconds(5);

    /** The settings {@code BOARDWALK_<name>_URL}, {@code …_SECRET} and {@code …_TIMEOUT}; null if no address is set. */
    static @Nullable HookSettings read(SettingsReader reader, String name) {
        String prefix = "BOARDWALK_" + name;
        URI url = reader.optional(prefix + "_URL", HookSettings::address);
        String secret = reader.optional(prefix + "_SECRET", text -> text);
        Duration timeout = reader.duration(prefix + "_TIMEOUT", TIMEOUT, Duration.ofMillis(100), Duration.ofMinutes(1));
        if ((url == null) != (secret == null)) {
            reader.problem(prefix + "_URL and " + prefix + "_SECRET belong together: set both or none");
        }
        return url == null || secret == null ? null : new HookSettings(url, secret, timeout);
    }

    private static URI address(String text) {
        URI url = URI.create(text);
        if (url.getHost() == null || !List.of("http", "https").contains(String.valueOf(url.getScheme()))) {
            throw new IllegalArgumentException("is not an http or https address");
        }
        return url;
    }

    /** One line for each of the settings, without the secret. */
    static List<String> lines(String name, @Nullable HookSettings settings) {
        String prefix = "BOARDWALK_" + name;
        return settings == null
                ? List.of(prefix + "_URL=(none)")
                : List.of(
                        prefix + "_URL=" + withoutUserInfo(settings.url),
                        prefix + "_SECRET=(set)",
                        prefix + "_TIMEOUT=" + SettingsReader.format(settings.timeout));
    }

    private static String withoutUserInfo(URI url) {
        return url.getUserInfo() == null ? url.toString() : url.toString().replace(url.getRawUserInfo() + "@", "");
    }

    @Override
    public String toString() {
        return "HookSettings[" + withoutUserInfo(url) + "]";
    }
}
