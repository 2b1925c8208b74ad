package dev.boardwalk.crdt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.boardwalk.crdt.sync.UpdateLimits;
import dev.boardwalk.crdt.sync.UpdateValidator;
import dev.boardwalk.testkit.Seed;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Edits that make the JSON of a content what is wanted: judged by the engine's own JSON, and by Yjs from npm. */
class EditionTest extends AgainstYjs {
    private static final int HISTORIES = 60;
    private static final long CLIENT = 4_294_967_296L;
    private static final byte[] NOTHING = {0, 0};
    private static final UpdateValidator VALIDATOR = new UpdateValidator(UpdateLimits.defaults());

    @Test
    void what_is_wanted_is_what_comes_out_and_then_nothing_is_left_to_do() {
        List<byte[]> content = List.of();
        List<String> wanted = List.of(
                "{\"a\":{\"n\":1,\"s\":\"x\"},\"l\":[1,2,3],\"t\":\"hello\"}",
                "{\"a\":{\"deep\":{\"list\":[{\"k\":true},null,\"é😀\"]},\"n\":2.5},\"l\":[2,3,4,[5]],\"t\":\"help 😀\"}",
                "{\"a\":{\"deep\":{\"list\":[{\"k\":false,\"more\":{}},\"é\"]}},\"l\":[[5,6]],\"t\":\"yelp\"}",
                "{\"a\":{\"big\":12345678901234567890,\"deep\":\"flat\"},\"l\":[],\"t\":\"\"}");
        long client = 1;
        for (String json : wanted) {
            byte[] update = Engine.edit(content, json, client++);
            VALIDATOR.validate(update);
            content = with(content, update);
            String came = json.replace("12345678901234567890", "12345678901234567000");
            assertThat(json(content)).isEqualTo(came);
            assertThat(Engine.edit(content, json, client++)).as("again").isEqualTo(NOTHING);
        }
    }

    @Test
    void any_json_of_a_random_history_can_be_gone_to_unless_xml_differs() {
        int[] gone = {0};
        Seed.each(HISTORIES, seed -> {
            Random random = seed.random();
            List<byte[]> all = yjs.history(seed.value(), 20 + random.nextInt(100), 1 + random.nextInt(3))
                    .updates();
            String wanted = json(all.subList(0, random.nextInt(all.size() + 1)));
            byte[] update;
            try {
                update = Engine.edit(all, wanted, CLIENT);
            } catch (EngineFailure.Unwritable unwritable) {
                assertThat(unwritable.pointer()).startsWith("/");
                return;
            }
            VALIDATOR.validate(update);
            assertThat(Engine.edit(with(all, update), wanted, CLIENT + 1)).isEqualTo(NOTHING);
            gone[0]++;
        });
        assertThat(gone[0]).isPositive();
    }

    @Test
    void edits_made_meanwhile_stay() {
        List<byte[]> content =
                with(List.of(), Engine.edit(List.of(), "{\"m\":{\"a\":1,\"b\":1},\"t\":\"one two\",\"l\":[1,2]}", 1));
        byte[] ours = Engine.edit(content, "{\"m\":{\"a\":2,\"b\":1},\"t\":\"one two three\",\"l\":[1,2,3]}", 2);
        byte[] theirs = Engine.edit(content, "{\"m\":{\"a\":1,\"b\":2},\"t\":\"zero one two\",\"l\":[0,1,2]}", 3);
        String both = "{\"l\":[0,1,2,3],\"m\":{\"a\":2,\"b\":2},\"t\":\"zero one two three\"}";
        assertThat(json(with(with(content, ours), theirs))).isEqualTo(both);
        assertThat(json(with(with(content, theirs), ours))).isEqualTo(both);
    }

    @Test
    void what_cannot_be_is_refused_with_its_place() {
        List<byte[]> content = with(List.of(), Engine.edit(List.of(), "{\"m\":{\"a/b\":1},\"l\":[1]}", 1));
        assertThatThrownBy(() -> Engine.edit(content, "{\"m\":[1],\"l\":[1]}", 2))
                .isInstanceOfSatisfying(EngineFailure.Unwritable.class, unwritable -> {
                    assertThat(unwritable.pointer()).isEqualTo("/m");
                    assertThat(unwritable.code()).isEqualTo("content-not-writable");
                });
        assertThatThrownBy(() -> Engine.edit(content, "{\"m\":{},\"l\":[],\"new~/one\":7}", 2))
                .isInstanceOfSatisfying(
                        EngineFailure.Unwritable.class,
                        unwritable -> assertThat(unwritable.pointer()).isEqualTo("/new~0~1one"));
        assertThatThrownBy(() -> Engine.edit(content, "[]", 2)).isInstanceOf(EngineFailure.Refused.class);
        assertThatThrownBy(() -> Engine.edit(content, "{}", 1)).isInstanceOf(EngineFailure.Refused.class);
        assertThat(json(with(content, Engine.edit(content, "{}", 2)))).isEqualTo("{\"l\":[],\"m\":{}}");
    }

    private static String json(List<byte[]> content) {
        return String.valueOf(Engine.fold(null, content, Engine.Projection.JSON).json());
    }

    private static List<byte[]> with(List<byte[]> updates, byte[] one) {
        List<byte[]> all = new ArrayList<>(updates);
        all.add(one);
        return all;
    }
}
