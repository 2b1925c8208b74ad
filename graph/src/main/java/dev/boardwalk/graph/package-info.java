/** Relationships: derived from content at each flush, stored in Apache AGE, answered from memory. */
@org.jspecify.annotations.NullMarked
package dev.boardwalk.graph;
