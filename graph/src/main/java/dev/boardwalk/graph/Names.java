package dev.boardwalk.graph;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** A growing list of values, each with the small number by which arrays refer to it. Not safe for several threads. */
final class Names<T> {
    private final List<T> values;
    private final Map<T, Integer> numbers;

    Names() {
        values = new ArrayList<>();
        numbers = new HashMap<>();
    }

    /** A copy that grows by itself. */
    Names(Names<T> others) {
        values = new ArrayList<>(others.values);
        numbers = new HashMap<>(others.numbers);
    }

    int number(T value) {
        Integer known = numbers.get(value);
        if (known != null) {
            return known;
        }
        numbers.put(value, values.size());
        values.add(value);
        return values.size() - 1;
    }

    boolean contains(T value) {
        return numbers.containsKey(value);
    }

    T value(int number) {
        return values.get(number);
    }

    int size() {
        return values.size();
    }
}
