package dev.boardwalk.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.boardwalk.testkit.Seed;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.Random;
import org.junit.jupiter.api.Test;

class JsonPatchTest {

    @Test
    void equal_objects_need_no_operation() {
        assertThat(JsonPatch.between(
                        new JsonObject("{\"a\":[1,{\"b\":null}]}"), new JsonObject("{\"a\":[1,{\"b\":null}]}")))
                .isEmpty();
    }

    @Test
    void only_what_differs_is_named() {
        assertThat(patch(
                        "{\"nodes\":{\"a\":{\"x\":1,\"y\":2}},\"gone\":0}",
                        "{\"nodes\":{\"a\":{\"x\":3,\"y\":2}},\"new\":[]}"))
                .isEqualTo("[{\"op\":\"remove\",\"path\":\"/gone\"},"
                        + "{\"op\":\"replace\",\"path\":\"/nodes/a/x\",\"value\":3},"
                        + "{\"op\":\"add\",\"path\":\"/new\",\"value\":[]}]");
        assertThat(patch("{\"a\":[1,2,3,9]}", "{\"a\":[1,9]}"))
                .isEqualTo("[{\"op\":\"remove\",\"path\":\"/a/2\"},{\"op\":\"remove\",\"path\":\"/a/1\"}]");
    }

    @Test
    void names_are_escaped() {
        assertThat(patch("{}", "{\"a/b~c\":1}")).contains("\"/a~1b~0c\"");
    }

    @Test
    void patches_lead_from_any_object_to_any_other() {
        Seed.each(500, seed -> {
            Random random = seed.random();
            JsonObject from = object(random, 0);
            JsonObject to = random.nextBoolean() ? object(random, 0) : altered(from, random);
            assertThat(PatchReader.apply(from, JsonPatch.between(from, to))).isEqualTo(to);
        });
    }

    private static String patch(String from, String to) {
        return JsonPatch.between(new JsonObject(from), new JsonObject(to)).encode();
    }

    private static JsonObject altered(JsonObject from, Random random) {
        JsonObject altered = from.copy();
        altered.put("k" + random.nextInt(4), value(random, 1));
        return altered;
    }

    private static JsonObject object(Random random, int depth) {
        JsonObject object = new JsonObject();
        for (int i = random.nextInt(4); i >= 0; i--) {
            object.put(random.nextInt(8) == 0 ? "~/" : "k" + random.nextInt(4), value(random, depth + 1));
        }
        return object;
    }

    private static Object value(Random random, int depth) {
        return switch (random.nextInt(depth > 3 ? 3 : 5)) {
            case 0 -> random.nextInt(5);
            case 1 -> "text" + random.nextInt(3);
            case 2 -> random.nextBoolean();
            case 3 -> object(random, depth);
            default -> {
                JsonArray array = new JsonArray();
                for (int i = random.nextInt(6); i > 0; i--) {
                    array.add(value(random, depth + 1));
                }
                yield array;
            }
        };
    }
}
