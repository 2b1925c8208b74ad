/** The sync protocols as codecs, and the validator of everything a peer sends; pure Java. */
@NullMarked
package dev.boardwalk.crdt.sync;

import org.jspecify.annotations.NullMarked;
