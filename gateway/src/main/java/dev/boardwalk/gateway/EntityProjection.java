package dev.boardwalk.gateway;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.boardwalk.crdt.Folded;
import dev.boardwalk.store.Projection;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** What an entity's content says about the entity: its properties, and type and title out of its root map {@code meta}. */
final class EntityProjection {
    static final String DEFAULT_TYPE = "document";

    /** Longest type and title that are stored apart from the properties, in UTF-16 units. */
    private static final int TEXT_LENGTH_MAX = 1_000;

    private static final String META = "meta";

    private static final JsonFactory JSON = new JsonFactory();

    private EntityProjection() {}

    static Projection of(Folded folded) {
        String json = folded.json();
        if (json == null) {
            throw new IllegalStateException("folded without JSON");
        }
        Meta meta = readMeta(json);
        String type = meta.type == null || meta.type.isBlank() ? DEFAULT_TYPE : meta.type;
        return new Projection(
                json,
                type,
                meta.title,
                folded.stateVector(),
                folded.state().length,
                null,
                EntityTag.of(folded).bytes());
    }

    private record Meta(@Nullable String type, @Nullable String title) {}

    /**
     * Reads only the root {@code meta}, without building what a large board consists of, and nothing of the roots after
     * it: the engine writes them in order of their names.
     */
    private static Meta readMeta(String json) {
        try (JsonParser parser = JSON.createParser(json)) {
            parser.nextToken();
            while (parser.nextToken() == JsonToken.FIELD_NAME) {
                int order = parser.currentName().compareTo(META);
                if (order > 0) {
                    break;
                }
                if (parser.nextToken() == JsonToken.START_OBJECT && order == 0) {
                    return readFields(parser);
                }
                parser.skipChildren();
            }
            return new Meta(null, null);
        } catch (IOException malformed) {
            throw new IllegalStateException("the engine gave JSON that cannot be read", malformed);
        }
    }

    private static Meta readFields(JsonParser parser) throws IOException {
        String type = null;
        String title = null;
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            String field = parser.currentName();
            boolean isText = parser.nextToken() == JsonToken.VALUE_STRING;
            if (isText && field.equals("type")) {
                type = shortened(parser.getText());
            } else if (isText && field.equals("title")) {
                title = shortened(parser.getText());
            } else {
                parser.skipChildren();
            }
        }
        return new Meta(type, title);
    }

    private static String shortened(String text) {
        if (text.length() <= TEXT_LENGTH_MAX) {
            return text;
        }
        // Not between the halves of a surrogate pair.
        int end = Character.isHighSurrogate(text.charAt(TEXT_LENGTH_MAX - 1)) ? TEXT_LENGTH_MAX - 1 : TEXT_LENGTH_MAX;
        return text.substring(0, end);
    }
}
