package dev.boardwalk.crdt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.boardwalk.testkit.Seed;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** What updates say that they are about, against what differs in the JSON before and after them. */
class TouchedTest extends AgainstYjs {
    private static final int HISTORIES = 20;

    @Test
    void whatever_differs_after_an_update_was_touched_by_it() {
        Seed.each(HISTORIES, seed -> {
            Random random = seed.random("touched");
            List<byte[]> all = yjs.history(seed.value(), 20 + random.nextInt(80), 1 + random.nextInt(4))
                    .updates();
            int folded = random.nextInt(all.size() + 1);
            List<byte[]> later = all.subList(folded, all.size());
            List<byte[]> pieces = new ArrayList<>();
            pieces.add(Engine.fold(null, all.subList(0, folded), Engine.Projection.NONE)
                    .state());
            pieces.addAll(later);
            List<String> touched = Engine.touched(pieces, later);
            assertThat(touched).hasSameSizeAs(later);
            Map<String, String> before = members(json(all.subList(0, folded)));
            for (int at = 0; at < later.size(); at++) {
                Map<String, String> after = members(json(all.subList(0, folded + at + 1)));
                assertTold(before, after, members(touched.get(at)));
                before = after;
            }
        });
    }

    @Test
    void what_is_no_update_is_refused() {
        assertThatThrownBy(() -> Engine.touched(List.of(), List.of(new byte[] {1})))
                .isInstanceOf(EngineFailure.Refused.class);
    }

    private static String json(List<byte[]> updates) {
        return Objects.requireNonNull(
                Engine.fold(null, updates, Engine.Projection.JSON).json());
    }

    private static void assertTold(Map<String, String> before, Map<String, String> after, Map<String, String> touched) {
        after.forEach((root, is) -> {
            String was = before.getOrDefault(root, "{}");
            if (was.equals(is)) {
                return;
            }
            assertThat(touched).containsKey(root);
            if (was.startsWith("{") && is.startsWith("{")) {
                Map<String, String> then = members(was);
                Map<String, String> now = members(is);
                Set<String> keys = new TreeSet<>(then.keySet());
                keys.addAll(now.keySet());
                keys.removeIf(key -> Objects.equals(then.get(key), now.get(key)));
                assertThat(touched.get(root)).contains(keys);
            }
        });
    }

    /** The members of a JSON object, as they are written; a text without braces has none. */
    private static Map<String, String> members(String json) {
        Map<String, String> members = new LinkedHashMap<>();
        int depth = 0;
        boolean quoted = false;
        int begin = 1;
        int colon = -1;
        for (int at = 0; at < json.length(); at++) {
            char here = json.charAt(at);
            if (quoted) {
                at += here == '\\' ? 1 : 0;
                quoted = here != '"';
                continue;
            }
            quoted = here == '"';
            depth += here == '{' || here == '[' ? 1 : here == '}' || here == ']' ? -1 : 0;
            if (here == ':' && depth == 1 && colon < 0) {
                colon = at;
            } else if (colon > 0 && (here == ',' && depth == 1 || depth == 0)) {
                members.put(json.substring(begin, colon), json.substring(colon + 1, at));
                begin = at + 1;
                colon = -1;
            }
        }
        return members;
    }
}
