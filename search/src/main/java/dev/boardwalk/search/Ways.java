package dev.boardwalk.search;

/** Which ways of finding are used: all of them for people; parts of them to see what each is worth. */
public enum Ways {
    ALL,
    WORDS,
    MEANING
}
