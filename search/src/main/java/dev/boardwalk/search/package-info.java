/** Finding entities and elements by their words, misspelt words and meaning: indexer, embedders and questions. */
@NullMarked
package dev.boardwalk.search;

import org.jspecify.annotations.NullMarked;
