/** CRDT documents: yrs behind a small Java interface, one native call a transaction. */
@NullMarked
package dev.boardwalk.crdt;

import org.jspecify.annotations.NullMarked;
