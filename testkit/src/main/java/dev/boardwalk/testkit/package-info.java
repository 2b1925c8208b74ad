/** Peers, seeds, faults and databases for the tests of every module; test scope only. */
@NullMarked
package dev.boardwalk.testkit;

import org.jspecify.annotations.NullMarked;
