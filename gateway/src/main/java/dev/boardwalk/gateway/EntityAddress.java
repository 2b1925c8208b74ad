package dev.boardwalk.gateway;

import dev.boardwalk.store.EntityKey;
import dev.boardwalk.store.OrganisationId;
import dev.boardwalk.store.StoreException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/**
 * The address of an entity in a WebSocket's path, {@code /yjs/{project}/{name}}, where the name may contain slashes.
 *
 * <p>Percent-escapes are decoded exactly once, after the path was split, so that an escaped slash never ends a
 * project's name and nothing that was escaped twice turns into something else.
 */
final class EntityAddress {

    /** What every address of the y-websocket protocol begins with. */
    static final String PREFIX = "/yjs/";

    /** What every address of the Hocuspocus protocol begins with. */
    static final String COLLAB_PREFIX = "/collab/";

    private EntityAddress() {}

    /**
     * Reads the undecoded path of an upgrade request.
     *
     * @throws IllegalArgumentException with a reason that can be shown to the caller
     */
    static EntityKey parse(OrganisationId organisation, String path) {
        int slash = path.indexOf('/', PREFIX.length());
        if (!path.startsWith(PREFIX) || slash < 0) {
            throw new IllegalArgumentException("the address must be /yjs/{project}/{name}");
        }
        return ofEscaped(organisation, path.substring(PREFIX.length(), slash), path.substring(slash + 1));
    }

    /**
     * Reads a project and a name as they stand in an address, each decoded once.
     *
     * @throws IllegalArgumentException with a reason that can be shown to the caller
     */
    static EntityKey ofEscaped(OrganisationId organisation, String escapedProject, String escapedName) {
        String project = decode(escapedProject);
        String name = decode(escapedName);
        refuseDots(project);
        for (String segment : name.split("/", -1)) {
            refuseDots(segment);
        }
        return new EntityKey(organisation, project, name);
    }

    /**
     * Checks a project and a name that were not escaped.
     *
     * @throws IllegalArgumentException with a reason that can be shown to the caller
     */
    static void check(String project, String name) {
        for (String segment : name.split("/", -1)) {
            refuseDots(segment);
        }
        try {
            EntityKey _ = new EntityKey(OrganisationId.LOCAL, project, name);
        } catch (StoreException.InvalidName invalid) {
            throw new IllegalArgumentException(invalid.getMessage(), invalid);
        }
    }

    /**
     * Reads the project in the undecoded path of a Hocuspocus socket, {@code /collab/{project}}.
     *
     * @throws IllegalArgumentException with a reason that can be shown to the caller
     */
    static String collabProject(String path) {
        String rest = path.substring(COLLAB_PREFIX.length());
        String escaped = rest.endsWith("/") ? rest.substring(0, rest.length() - 1) : rest;
        if (escaped.indexOf('/') >= 0) {
            throw new IllegalArgumentException("the address must be /collab/{project}; documents are named in band");
        }
        String project = decode(escaped);
        refuseDots(project);
        check(project, "any");
        return project;
    }

    private static void refuseDots(String segment) {
        if (segment.equals(".") || segment.equals("..")) {
            throw new IllegalArgumentException("'.' and '..' are not allowed as a part of a name");
        }
    }

    /** Decodes percent-escapes exactly once; fails with {@link IllegalArgumentException} on half ones and bad UTF-8. */
    static String decode(String escaped) {
        if (escaped.indexOf('%') < 0 && escaped.chars().allMatch(c -> c < 0x80)) {
            return escaped;
        }
        // Each byte of the request line arrives as one character.
        byte[] raw = escaped.getBytes(StandardCharsets.ISO_8859_1);
        ByteBuffer decoded = ByteBuffer.allocate(raw.length);
        for (int i = 0; i < raw.length; i++) {
            if (raw[i] != '%') {
                decoded.put(raw[i]);
            } else {
                decoded.put((byte) (hex(raw, i + 1) << 4 | hex(raw, i + 2)));
                i += 2;
            }
        }
        try {
            return StandardCharsets.UTF_8.newDecoder().decode(decoded.flip()).toString();
        } catch (CharacterCodingException notUtf8) {
            throw new IllegalArgumentException("the name is not UTF-8", notUtf8);
        }
    }

    private static int hex(byte[] raw, int index) {
        int digit = index < raw.length ? Character.digit(raw[index], 16) : -1;
        if (digit < 0) {
            throw new IllegalArgumentException("a percent sign must be followed by two hexadecimal digits");
        }
        return digit;
    }
}
