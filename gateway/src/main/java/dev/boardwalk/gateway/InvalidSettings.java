package dev.boardwalk.gateway;

import java.util.List;

/** Settings that cannot be used: one line for each thing that is wrong, made for the person who starts the gateway. */
public final class InvalidSettings extends RuntimeException {
    private static final long serialVersionUID = 1L;

    @SuppressWarnings("serial") // an unmodifiable list of strings
    private final List<String> problems;

    InvalidSettings(List<String> problems) {
        super(String.join("\n", problems));
        this.problems = List.copyOf(problems);
    }

    /** The lines, in the order in which the settings are documented. */
    public List<String> problems() {
        return problems;
    }
}
