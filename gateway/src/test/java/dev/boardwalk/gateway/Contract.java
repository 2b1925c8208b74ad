package dev.boardwalk.gateway;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.Yaml;

/** What the description of the API says about one answer; holds what was really answered against it. */
final class Contract {
    private static final Map<String, Object> DESCRIPTION = new Yaml().load(OperationsApi.openApi());

    private final String title;
    private final Map<String, Object> schema;

    private Contract(String title, Map<String, Object> schema) {
        this.title = title;
        this.schema = schema;
    }

    /** The body of one call's answer with a status. */
    static Contract of(String operationId, int status) {
        String title = operationId + " " + status;
        for (Object calls : map(DESCRIPTION.get("paths")).values()) {
            for (Object each : map(calls).values()) {
                if (each instanceof Map<?, ?> call && operationId.equals(call.get("operationId"))) {
                    Map<String, Object> answers = map(call.get("responses"));
                    Map<String, Object> content =
                            map(map(resolved(answers.get("" + status))).get("content"));
                    Map<String, Object> media = map(content.values().iterator().next());
                    return new Contract(title, map(media.get("schema")));
                }
            }
        }
        throw new AssertionError("no call is described as " + title);
    }

    /** The same object, if it is as it is described. */
    JsonObject check(JsonObject answer) {
        check(answer, schema, title);
        return answer;
    }

    private static void check(@Nullable Object value, Map<String, Object> declared, String place) {
        Map<String, Object> schema = map(resolved(declared));
        Object type = schema.get("type");
        if (type != null) {
            List<?> types = type instanceof List<?> several ? several : List.of(type);
            assertThat(types.stream().anyMatch(each -> isOf(value, String.valueOf(each))))
                    .as("%s is %s: %s", place, types, value)
                    .isTrue();
        }
        if (value instanceof String text && schema.containsKey("pattern")) {
            assertThat(text).as(place).matches(String.valueOf(schema.get("pattern")));
        }
        if (value instanceof JsonArray array && schema.containsKey("items")) {
            for (int at = 0; at < array.size(); at++) {
                check(array.getValue(at), map(schema.get("items")), place + "/" + at);
            }
        }
        if (value instanceof JsonObject object && schema.containsKey("properties")) {
            checkFields(object, schema, place);
        }
    }

    private static void checkFields(JsonObject object, Map<String, Object> schema, String place) {
        Map<String, Object> known = map(schema.get("properties"));
        if (schema.get("required") instanceof List<?> required) {
            assertThat(object.fieldNames())
                    .as(place)
                    .containsAll(required.stream().map(String::valueOf).toList());
        }
        for (String name : object.fieldNames()) {
            if (known.containsKey(name)) {
                check(object.getValue(name), map(known.get(name)), place + "/" + name);
            } else {
                assertThat(schema).as("%s has an undescribed %s", place, name).containsKey("additionalProperties");
            }
        }
    }

    private static boolean isOf(@Nullable Object value, String type) {
        return switch (type) {
            case "null" -> value == null;
            case "string" -> value instanceof String;
            case "boolean" -> value instanceof Boolean;
            case "integer" -> value instanceof Integer || value instanceof Long;
            case "number" -> value instanceof Number;
            case "array" -> value instanceof JsonArray;
            case "object" -> value instanceof JsonObject;
            default -> throw new AssertionError("unknown type " + type);
        };
    }

    private static Object resolved(@Nullable Object described) {
        Object here = requireNonNull(described, "not described");
        while (map(here).get("$ref") instanceof String reference) {
            here = DESCRIPTION;
            for (String part : reference.substring(2).split("/")) {
                here = requireNonNull(map(here).get(part), reference);
            }
        }
        return here;
    }

    @SuppressWarnings("unchecked") // YAML's maps here have strings for keys but for the statuses, which are quoted
    private static Map<String, Object> map(@Nullable Object value) {
        return (Map<String, Object>) requireNonNull(value);
    }
}
