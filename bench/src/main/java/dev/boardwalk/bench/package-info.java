/** Benchmarks: JMH for single classes, and whole servers side by side with their rivals. */
@NullMarked
package dev.boardwalk.bench;

import org.jspecify.annotations.NullMarked;
