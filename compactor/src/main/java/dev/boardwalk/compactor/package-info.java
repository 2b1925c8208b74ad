@NullMarked
package dev.boardwalk.compactor;

import org.jspecify.annotations.NullMarked;
