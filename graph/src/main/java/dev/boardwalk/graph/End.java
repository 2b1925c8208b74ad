package dev.boardwalk.graph;

/** One end of a relationship as a document names it. */
sealed interface End {

    /** The document's entity itself. */
    record Self() implements End {
        @Override
        public String canonical() {
            return ".";
        }
    }

    /** An element of the same board. */
    record OfElement(String name) implements End {
        @Override
        public String canonical() {
            return "e" + name;
        }
    }

    /** Whatever entity has this name: in the document's project, or as {@code project/name}. */
    record ByName(String reference) implements End {
        @Override
        public String canonical() {
            return "r" + reference;
        }
    }

    End SELF = new Self();

    /** A text that no other end has. */
    String canonical();
}
