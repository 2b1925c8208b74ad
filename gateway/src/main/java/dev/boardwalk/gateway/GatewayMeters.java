package dev.boardwalk.gateway;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;

/**
 * The gateway's meters: one for each limit, queue and step of an edit's way. May be used from any thread.
 *
 * <p>What happens for every message is counted in adders that the registry reads when it is scraped.
 */
final class GatewayMeters {
    private final MeterRegistry registry;

    final AtomicLong sockets = new AtomicLong();
    final AtomicLong entities = new AtomicLong();
    final AtomicLong entityBytes = new AtomicLong();
    final AtomicLong pinnedBytes = new AtomicLong();
    final AtomicLong pendingBytes = new AtomicLong();
    final AtomicLong stalledPeers = new AtomicLong();
    final AtomicLong dirtyEntities = new AtomicLong();
    final AtomicLong relayNeighbours = new AtomicLong();
    /** The sockets of all doors. */
    final SocketCounts counts = new SocketCounts();

    private final LongAdder relaySent = new LongAdder();
    private final LongAdder relayReceived = new LongAdder();
    private final LongAdder received = new LongAdder();
    private final LongAdder delivered = new LongAdder();

    private final Timer tick;
    private final Counter tickUpdates;
    private final Counter tickRetries;
    private final Counter fenced;
    private final Timer load;
    private final Counter loadFailures;
    private final Timer flush;
    private final Counter flushedEntities;
    private final Counter flushFailures;
    private final Counter quarantined;
    private final Counter recoveredGateways;
    private final Counter evicted;
    private final Counter halfOpen;
    private final Counter relayDropped;
    private final Counter relayGaps;
    private final Counter relayRereads;

    GatewayMeters(MeterRegistry registry) {
        this.registry = registry;
        gauge("boardwalk_sockets", "WebSockets that are open", sockets);
        gauge("boardwalk_connections", "TCP connections that are open and no WebSockets", counts.connections);
        gauge("boardwalk_waiting_bytes", "Bytes from clients about which nothing is decided yet", counts.waitingBytes);
        gauge("boardwalk_entities_live", "Entities held in memory", entities);
        gauge("boardwalk_entity_bytes", "Bytes of all entities in memory", entityBytes);
        gauge("boardwalk_entity_pinned_bytes", "Bytes of entities that cannot be evicted now", pinnedBytes);
        gauge("boardwalk_pending_bytes", "Update bytes that wait for their commit", pendingBytes);
        gauge("boardwalk_peers_stalled", "Peers that read too slowly", stalledPeers);
        gauge("boardwalk_entities_dirty", "Entities with updates that are not flushed", dirtyEntities);
        adder("boardwalk_messages_received_total", "Binary messages from peers", received);
        adder("boardwalk_messages_delivered_total", "Messages handed to peers' sockets", delivered);
        gauge("boardwalk_relay_neighbours", "Other gateways that this one hears", relayNeighbours);
        adder("boardwalk_relay_sent_total", "Messages to the other gateways", relaySent);
        adder("boardwalk_relay_received_total", "Messages from the other gateways", relayReceived);
        relayDropped = counter("boardwalk_relay_dropped_total", "Messages to the others for which there was no room");
        relayGaps = counter("boardwalk_relay_gaps_total", "Times that ticks of another gateway did not come");
        relayRereads = counter("boardwalk_relay_rereads_total", "Entities read again because of that");
        tick = Timer.builder("boardwalk_tick_seconds")
                .description("One group commit")
                .publishPercentiles(0.5, 0.99)
                .register(registry);
        tickUpdates = counter("boardwalk_tick_updates_total", "Updates that were committed");
        tickRetries = counter("boardwalk_tick_retries_total", "Group commits that had to be tried again");
        fenced = counter("boardwalk_fenced_total", "Times another gateway took this one for dead");
        load = timer("boardwalk_load_seconds", "Loading one entity");
        loadFailures = counter("boardwalk_load_failures_total", "Entities that could not be loaded");
        flush = timer("boardwalk_flush_seconds", "Flushing one batch of entities");
        flushedEntities = counter("boardwalk_flushed_entities_total", "Entities that were flushed");
        flushFailures = counter("boardwalk_flush_failures_total", "Batches that could not be flushed at the first try");
        quarantined = counter("boardwalk_quarantined_total", "Entities stored without projection: the engine failed");
        recoveredGateways = counter("boardwalk_recovered_gateways_total", "Dead gateways whose journal was flushed");
        evicted = counter("boardwalk_evicted_total", "Entities that left memory to make room");
        halfOpen = counter("boardwalk_half_open_total", "Connections cut because nobody answered");
    }

    void received() {
        received.increment();
    }

    void delivered(int receivers) {
        delivered.add(receivers);
    }

    void refused(String reason) {
        Counter.builder("boardwalk_refused_total")
                .description("Messages and upgrades that were refused")
                .tag("reason", reason)
                .register(registry)
                .increment();
    }

    void slowed(String reason) {
        Counter.builder("boardwalk_slowed_total")
                .description("Times that a socket was read from more slowly because it sent too much")
                .tag("reason", reason)
                .register(registry)
                .increment();
    }

    void closed(int code) {
        Counter.builder("boardwalk_closed_total")
                .description("WebSockets that this gateway closed")
                .tag("code", Integer.toString(code))
                .register(registry)
                .increment();
    }

    void ticked(int updates, Duration took) {
        tick.record(took);
        tickUpdates.increment(updates);
    }

    void tickRetried() {
        tickRetries.increment();
    }

    void fenced() {
        fenced.increment();
    }

    void loaded(Duration took) {
        load.record(took);
    }

    void loadFailed() {
        loadFailures.increment();
    }

    void flushed(int entities, Duration took) {
        flush.record(took);
        flushedEntities.increment(entities);
    }

    void flushFailed() {
        flushFailures.increment();
    }

    void quarantined() {
        quarantined.increment();
    }

    void recoveredGateway() {
        recoveredGateways.increment();
    }

    void evicted() {
        evicted.increment();
    }

    void webhookDelivered(boolean well) {
        Counter.builder("boardwalk_webhook_deliveries_total")
                .description("Deliveries of webhook events")
                .tag("outcome", well ? "delivered" : "failed")
                .register(registry)
                .increment();
    }

    void hookAnswered(String event, boolean well, long startNanos) {
        Timer.builder("boardwalk_hook_seconds")
                .description("One call of the application")
                .tag("event", event)
                .tag("outcome", well ? "answered" : "failed")
                .register(registry)
                .record(Duration.ofNanos(System.nanoTime() - startNanos));
    }

    void halfOpen() {
        halfOpen.increment();
    }

    void relaySent() {
        relaySent.increment();
    }

    void relayReceived() {
        relayReceived.increment();
    }

    void relayDropped() {
        relayDropped.increment();
    }

    void relayGap() {
        relayGaps.increment();
    }

    void relayReread() {
        relayRereads.increment();
    }

    private void gauge(String name, String description, AtomicLong value) {
        Gauge.builder(name, value, AtomicLong::doubleValue)
                .description(description)
                .register(registry);
    }

    private void adder(String name, String description, LongAdder value) {
        FunctionCounter.builder(name, value, LongAdder::doubleValue)
                .description(description)
                .register(registry);
    }

    private Counter counter(String name, String description) {
        return Counter.builder(name).description(description).register(registry);
    }

    private Timer timer(String name, String description) {
        return Timer.builder(name).description(description).register(registry);
    }
}
