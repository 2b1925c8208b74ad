package dev.boardwalk.graph;

import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * What is known of one organisation's names and vertices without asking the database: remembered by questions, forgotten
 * entity by entity as the feed tells that something about them changed.
 *
 * <p>Who asks the database first takes the {@link #state()}: what was read is only remembered if nothing was forgotten since,
 * because it may have been read before the change that was the reason. Only what exists is remembered. Safe from any thread;
 * what is known is read without a lock.
 */
final class KnownVertices {
    /** A map's entry, the boxed number, the record and its list of references, about. */
    private static final int ENTRY_BYTES = 176;

    private static final int STRING_BYTES = 48;

    /** An entity. All that is known of it and its elements is known for as long as it has not changed. */
    private static final class Source {
        volatile boolean changed;
    }

    private record Known<T>(Source source, T what) {}

    /** A name that questions begin with. */
    record Name(String project, String name, @Nullable String element) {}

    private final Map<Long, Known<VertexFacts>> vertices = new ConcurrentHashMap<>();
    private final Map<Name, Known<Subject>> subjects = new ConcurrentHashMap<>();
    private final Map<String, Long> projects = new ConcurrentHashMap<>();

    /** Guards all that follows, and whatever is put into the maps above. */
    private final ReentrantLock lock = new ReentrantLock();

    private final Map<Long, Source> sources = new HashMap<>();
    private final AtomicLong state = new AtomicLong();
    private final AtomicLong bytes = new AtomicLong();
    private final AtomicLong total;
    private boolean closed;

    /**
     * Knows nothing yet.
     *
     * @param total bytes of this and others together; kept up to date
     */
    KnownVertices(AtomicLong total) {
        this.total = total;
    }

    /** What {@code remember} wants to hear; taken before the database is asked. */
    long state() {
        return state.get();
    }

    long bytes() {
        return bytes.get();
    }

    @Nullable
    VertexFacts vertex(long vertex) {
        return current(vertices.get(vertex));
    }

    @Nullable
    Subject subject(Name name) {
        return current(subjects.get(name));
    }

    @Nullable
    Long project(String name) {
        return projects.get(name);
    }

    private static <T> @Nullable T current(@Nullable Known<T> known) {
        return known == null || known.source.changed ? null : known.what;
    }

    /** A vertex with the entity that it is, or is an element of. */
    record Described(long vertex, long entityId, VertexFacts facts) {}

    void rememberVertices(long asked, Collection<Described> found) {
        lock.lock();
        try {
            if (asked == state.get() && !closed) {
                for (Described each : found) {
                    Source source = sources.computeIfAbsent(each.entityId, _ -> new Source());
                    if (vertices.put(each.vertex, new Known<>(source, each.facts)) == null) {
                        weigh(bytesOf(each.facts));
                    }
                }
            }
        } finally {
            lock.unlock();
        }
    }

    void rememberSubject(long asked, Name name, Subject subject) {
        lock.lock();
        try {
            if (asked == state.get() && !closed) {
                Source source = sources.computeIfAbsent(subject.entityId(), _ -> new Source());
                if (subjects.put(name, new Known<>(source, subject)) == null) {
                    weigh(ENTRY_BYTES + bytesOf(name.project) + bytesOf(name.name) + bytesOf(name.element));
                }
            }
        } finally {
            lock.unlock();
        }
    }

    void rememberProjects(long asked, Map<String, Long> found) {
        lock.lock();
        try {
            if (asked == state.get() && !closed) {
                projects.putAll(found);
            }
        } finally {
            lock.unlock();
        }
    }

    /** Something about these entities, or about their elements, is not as it was. */
    void forget(List<Long> entities) {
        lock.lock();
        try {
            state.incrementAndGet();
            projects.clear();
            for (long entity : entities) {
                Source source = sources.remove(entity);
                if (source != null) {
                    source.changed = true;
                }
            }
        } finally {
            lock.unlock();
        }
    }

    void forgetAll() {
        lock.lock();
        try {
            state.incrementAndGet();
            sources.values().forEach(source -> source.changed = true);
            sources.clear();
            vertices.clear();
            subjects.clear();
            projects.clear();
            weigh(-bytes.get());
        } finally {
            lock.unlock();
        }
    }

    /** Forgets everything, and remembers nothing from now on. */
    void close() {
        lock.lock();
        try {
            closed = true;
            forgetAll();
        } finally {
            lock.unlock();
        }
    }

    private void weigh(long more) {
        bytes.addAndGet(more);
        total.addAndGet(more);
    }

    /** As if no two shared a string: a bound from above, and the entry of its entity counted in. */
    private static long bytesOf(VertexFacts facts) {
        return ENTRY_BYTES
                + bytesOf(facts.id())
                + bytesOf(facts.name())
                + bytesOf(facts.project())
                + bytesOf(facts.type())
                + bytesOf(facts.title())
                + bytesOf(facts.element());
    }

    private static long bytesOf(@Nullable String text) {
        return text == null ? 0 : STRING_BYTES + text.length();
    }
}
