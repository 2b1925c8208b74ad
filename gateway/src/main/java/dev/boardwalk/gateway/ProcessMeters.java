package dev.boardwalk.gateway;

import dev.boardwalk.crdt.Engine;
import dev.boardwalk.graph.Derivation;
import dev.boardwalk.graph.Graph;
import dev.boardwalk.graph.RelationshipIndex;
import dev.boardwalk.store.DatabaseGauges;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.binder.jvm.JvmGcMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.system.FileDescriptorMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.core.instrument.binder.system.UptimeMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Supplier;

/** The meters of the process as a whole: the virtual machine, memory as the system counts it, the pools. */
final class ProcessMeters {
    private static final Path STATM = Path.of("/proc/self/statm");
    /** Linux counts resident memory in pages; 4 KiB on every machine this runs on but large-page arm64 ones. */
    private static final long PAGE_BYTES = 4096;

    private ProcessMeters() {}

    static PrometheusMeterRegistry registry() {
        PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
        new JvmMemoryMetrics().bindTo(registry);
        new JvmThreadMetrics().bindTo(registry);
        new ProcessorMetrics().bindTo(registry);
        new FileDescriptorMetrics().bindTo(registry);
        new UptimeMetrics().bindTo(registry);
        // Lives as long as the process, so nobody closes it.
        new JvmGcMetrics().bindTo(registry);
        Gauge.builder("process_resident_memory_bytes", ProcessMeters::residentBytes)
                .description("Memory of this process that is in RAM, native memory included")
                .register(registry);
        addEngine(registry);
        return registry;
    }

    /** The native engine of the CRDT: what it holds is not in the virtual machine's numbers. */
    private static void addEngine(PrometheusMeterRegistry registry) {
        gauge(registry, "boardwalk_native_documents", "Native documents that are open", Engine::openDocuments);
        gauge(registry, "boardwalk_native_bytes", "Native memory of the engine", Engine::nativeBytes);
        counter(
                registry,
                "boardwalk_native_leaks_total",
                "Native documents that nobody closed: a bug",
                Engine::leakedDocuments);
    }

    static void add(PrometheusMeterRegistry registry, Graph graph) {
        RelationshipIndex index = graph.index();
        Derivation derivation = graph.derivation();
        gauge(registry, "boardwalk_graph_index_bytes", "Memory of the relationship index", index::bytes);
        gauge(
                registry,
                "boardwalk_graph_names_bytes",
                "Memory of names and titles beside the relationship index",
                index::knownBytes);
        gauge(
                registry,
                "boardwalk_graph_index_relationships",
                "Relationships in the index",
                () -> index.relationships());
        gauge(
                registry,
                "boardwalk_graph_index_organisations",
                "Organisations in the index",
                () -> index.organisations());
        gauge(
                registry,
                "boardwalk_graph_feed_age_milliseconds",
                "How long the index has been without news of the database",
                index::feedAgeMillis);
        counter(registry, "boardwalk_graph_loads_total", "Organisations loaded into the index", index::loads);
        counter(registry, "boardwalk_graph_evictions_total", "Organisations dropped from it", index::evictions);
        counter(
                registry,
                "boardwalk_graph_derived_total",
                "Elements and claims written or removed by flushes",
                derivation::written);
        counter(
                registry,
                "boardwalk_graph_ignored_total",
                "Entries of contents that are no element and no relationship, each time they were seen",
                derivation::ignored);
    }

    static void add(PrometheusMeterRegistry registry, DatabaseGauges gauges) {
        gauge(
                registry,
                "boardwalk_database_blocking_active",
                "Connections of flushes in use",
                () -> gauges.blockingConnectionsActive().getAsInt());
        gauge(
                registry,
                "boardwalk_database_blocking_waiting",
                "Threads that wait for a connection",
                () -> gauges.blockingConnectionsWaiting().getAsInt());
        gauge(
                registry,
                "boardwalk_database_query_connections",
                "Connections open for loads and lists",
                () -> gauges.queryConnections().getAsInt());
        gauge(
                registry,
                "boardwalk_partitions_ahead_seconds",
                "How long the partitions that exist will last",
                () -> gauges.partitionsAheadSeconds().getAsLong());
        counter(
                registry,
                "boardwalk_snapshots_damaged_total",
                "Times a snapshot was needed whose object was damaged or missing; it was not served",
                () -> gauges.damagedSnapshots().getAsLong());
        counter(
                registry,
                "boardwalk_journal_connects_total",
                "Times a journal connection was made: one a start, more are reconnects",
                () -> gauges.journalConnects().getAsLong());
        counter(
                registry,
                "boardwalk_journal_retries_total",
                "Ticks sent again because their answer was lost",
                () -> gauges.journalRetries().getAsLong());
    }

    private static void gauge(PrometheusMeterRegistry registry, String name, String says, Supplier<Number> value) {
        Gauge.builder(name, value).description(says).register(registry);
    }

    private static void counter(PrometheusMeterRegistry registry, String name, String says, Supplier<Number> value) {
        FunctionCounter.builder(name, value, it -> it.get().doubleValue())
                .description(says)
                .register(registry);
    }

    private static double residentBytes() {
        try {
            return Long.parseLong(Files.readString(STATM).split(" ")[1]) * (double) PAGE_BYTES;
        } catch (IOException notLinux) {
            return Double.NaN;
        }
    }
}
