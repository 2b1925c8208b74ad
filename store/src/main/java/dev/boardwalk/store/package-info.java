/** Postgres: journal, operations, snapshots, entities, change feed. Documents are opaque bytes here. */
@NullMarked
package dev.boardwalk.store;

import org.jspecify.annotations.NullMarked;
