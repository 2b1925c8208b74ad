package dev.boardwalk.gateway;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.yaml.snakeyaml.Yaml;

/** The description of the API is whole in itself; that it fits the routes is seen on a running gateway. */
class OpenApiTest {
    private static final Map<String, Object> DESCRIPTION = new Yaml().load(OperationsApi.openApi());

    @Test
    void every_reference_leads_somewhere() {
        List<String> references = new ArrayList<>();
        collect(DESCRIPTION, "$ref", references);
        assertThat(references)
                .isNotEmpty()
                .allSatisfy(reference -> assertThat(at(reference)).as(reference).isNotNull());
    }

    @Test
    void every_call_has_a_name_of_its_own_and_says_what_it_answers() {
        List<String> names = new ArrayList<>();
        collect(DESCRIPTION.get("paths"), "operationId", names);
        assertThat(names).hasSizeGreaterThan(8).doesNotHaveDuplicates();
    }

    @Test
    void examples_have_what_their_schemas_require_and_nothing_else() {
        Map<String, Object> schemas = map(at("#/components/schemas"));
        assertThat(schemas).isNotEmpty();
        schemas.values().stream()
                .map(OpenApiTest::map)
                .filter(schema -> schema.containsKey("example"))
                .forEach(schema -> check(schema.get("example"), schema));
        Map<String, Object> badRequest = map(at("#/components/responses/BadRequest"));
        Map<String, Object> example = map(map(map(badRequest.get("content")).get("application/problem+json"))
                .get("example"));
        assertThat(example).containsKeys("type", "title", "status", "code", "detail");
    }

    private static void check(@Nullable Object example, Map<String, Object> declared) {
        Map<String, Object> schema =
                declared.containsKey("$ref") ? map(at(String.valueOf(declared.get("$ref")))) : declared;
        if (example instanceof List<?> items) {
            items.forEach(item -> check(item, map(schema.get("items"))));
        } else if (example instanceof Map<?, ?> && schema.containsKey("properties")) {
            Map<String, Object> properties = map(schema.get("properties"));
            assertThat(map(example))
                    .containsKeys(((List<?>) requireNonNull(schema.get("required"))).toArray(String[]::new));
            map(example).forEach((name, value) -> {
                assertThat(properties).containsKey(name);
                check(value, map(properties.get(name)));
            });
        } else if (example instanceof String && schema.containsKey("pattern")) {
            assertThat((String) example).matches(String.valueOf(schema.get("pattern")));
        }
    }

    private static Object at(String reference) {
        @Nullable Object here = DESCRIPTION;
        for (String part : reference.substring(2).split("/")) {
            here = map(here).get(part);
        }
        return requireNonNull(here, reference);
    }

    private static void collect(@Nullable Object here, String key, List<String> found) {
        if (here instanceof Map<?, ?> map) {
            map.forEach((name, value) -> {
                if (name.equals(key)) {
                    found.add((String) value);
                }
                collect(value, key, found);
            });
        } else if (here instanceof List<?> list) {
            list.forEach(value -> collect(value, key, found));
        }
    }

    @SuppressWarnings("unchecked") // YAML's maps here have strings for keys but for the statuses, which are quoted
    private static Map<String, Object> map(@Nullable Object value) {
        return (Map<String, Object>) requireNonNull(value);
    }
}
