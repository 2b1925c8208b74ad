package dev.boardwalk.gateway.live;

import dev.boardwalk.crdt.sync.UpdateOutline;

/** An update in Yjs v1 encoding that the validator has passed, with its outline. The bytes must not be changed. */
public record ValidUpdate(byte[] bytes, UpdateOutline outline) {
    public ValidUpdate {
        if (bytes.length != outline.bytes()) {
            throw new IllegalArgumentException(
                    "outline of " + outline.bytes() + " bytes given with an update of " + bytes.length + " bytes");
        }
    }
}
