package dev.boardwalk.gateway;

import com.hazelcast.cluster.Address;
import com.hazelcast.config.Config;
import com.hazelcast.config.DiscoveryStrategyConfig;
import com.hazelcast.config.JavaSerializationFilterConfig;
import com.hazelcast.config.JoinConfig;
import com.hazelcast.config.NetworkConfig;
import com.hazelcast.config.properties.PropertyDefinition;
import com.hazelcast.logging.ILogger;
import com.hazelcast.spi.discovery.AbstractDiscoveryStrategy;
import com.hazelcast.spi.discovery.DiscoveryNode;
import com.hazelcast.spi.discovery.DiscoveryStrategy;
import com.hazelcast.spi.discovery.DiscoveryStrategyFactory;
import com.hazelcast.spi.discovery.SimpleDiscoveryNode;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.eventbus.EventBusOptions;
import io.vertx.core.eventbus.MessageProducer;
import io.vertx.core.file.FileSystemOptions;
import io.vertx.spi.cluster.hazelcast.HazelcastClusterManager;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A bus between processes: the event bus of a Vert.x of its own, clustered by Hazelcast, whose members find each other by
 * asking for addresses instead of by calling into the network.
 *
 * <p>One address for all messages, since every gateway listens to all of them. Hazelcast only keeps the list of who
 * listens; messages go from process to process. May be used from any thread.
 */
final class ClusteredBus implements RelayBus {
    private static final String EVENT_ADDRESS = "boardwalk.relay";

    /** What may wait for slow members; beyond it messages are left out, which the receivers notice. */
    private static final long IN_FLIGHT_BYTES_MAX = 32L << 20;

    /** A member that hangs is given up within these seconds; Hazelcast's own patience is a minute. */
    private static final int SECONDS_WITHOUT_HEARTBEAT_MAX = 5;

    private static final int PING_MILLIS = 2_000;

    private static final Logger log = LoggerFactory.getLogger(ClusteredBus.class);

    private final String host;
    private final int port;
    private final AtomicLong inFlight = new AtomicLong();
    private volatile @Nullable Vertx vertx;
    private volatile @Nullable MessageProducer<Buffer> producer;

    private ClusteredBus(String host, int port) {
        this.host = host;
        this.port = port;
    }

    /**
     * A bus that listens on an address of this machine, on a free port.
     *
     * @param address no wildcard: others are told to come here
     * @throws InvalidSettings if there is no such address
     */
    static ClusteredBus on(String address) {
        try {
            InetAddress found = InetAddress.getByName(address);
            return new ClusteredBus(found.getHostAddress(), LocalPorts.free(found, (int)
                    ProcessHandle.current().pid()));
        } catch (UnknownHostException unknown) {
            throw new InvalidSettings(List.of("the relay between gateways cannot listen on " + address));
        }
    }

    @Override
    public String address() {
        return host + ":" + port;
    }

    @Override
    public Future<Void> join(String name, Supplier<List<String>> members, Consumer<byte[]> receiver) {
        VertxOptions options = new VertxOptions()
                .setEventLoopPoolSize(1)
                .setWorkerPoolSize(2)
                .setInternalBlockingPoolSize(4)
                .setFileSystemOptions(
                        new FileSystemOptions().setFileCachingEnabled(false).setClassPathResolvingEnabled(false))
                .setEventBusOptions(new EventBusOptions()
                        .setHost(host)
                        .setClusterPingInterval(PING_MILLIS)
                        .setClusterPingReplyInterval(PING_MILLIS));
        Promise<Vertx> built = Promise.promise();
        // On a thread that belongs to no other Vert.x, or this one would be taken for a mistake.
        Thread.startVirtualThread(() -> Vertx.builder()
                .with(options)
                .withClusterManager(new HazelcastClusterManager(config(name, members)))
                .buildClustered()
                .onComplete(built));
        return built.future()
                .compose(clustered -> {
                    vertx = clustered;
                    producer = clustered.eventBus().publisher(EVENT_ADDRESS);
                    return clustered
                            .eventBus()
                            .<Buffer>consumer(
                                    EVENT_ADDRESS,
                                    message -> receiver.accept(message.body().getBytes()))
                            .completion();
                })
                .onSuccess(_ -> log.info("joined the relay address={}", address()));
    }

    private Config config(String name, Supplier<List<String>> members) {
        Config config = new Config()
                .setClusterName(name)
                .setProperty("hazelcast.phone.home.enabled", "false")
                .setProperty("hazelcast.logging.type", "slf4j")
                .setProperty("hazelcast.shutdownhook.enabled", "false")
                .setProperty("hazelcast.socket.bind.any", "false")
                .setProperty("hazelcast.discovery.enabled", "true")
                .setProperty("hazelcast.heartbeat.interval.seconds", "1")
                .setProperty("hazelcast.max.no.heartbeat.seconds", Integer.toString(SECONDS_WITHOUT_HEARTBEAT_MAX))
                // The first one waits this long for others to appear.
                .setProperty("hazelcast.max.wait.seconds.before.join", "1")
                .setProperty("hazelcast.wait.seconds.before.join", "0")
                // Two that came at the same moment, or were cut off from each other, find together by these.
                .setProperty("hazelcast.merge.first.run.delay.seconds", "5")
                .setProperty("hazelcast.merge.next.run.delay.seconds", "5")
                .setProperty("hazelcast.graceful.shutdown.max.wait", "3")
                .setProperty("hazelcast.partition.count", "31")
                .setProperty("hazelcast.operation.thread.count", "2")
                .setProperty("hazelcast.operation.generic.thread.count", "2")
                .setProperty("hazelcast.io.thread.count", "1");
        config.getMetricsConfig().setEnabled(false);
        // Whoever reaches the port may send objects: of these kinds only.
        JavaSerializationFilterConfig accepted = new JavaSerializationFilterConfig();
        accepted.getWhitelist().addPrefixes("java.lang.", "java.util.", "io.vertx.", "com.hazelcast.");
        config.getSerializationConfig().setJavaSerializationFilterConfig(accepted);
        NetworkConfig network = config.getNetworkConfig()
                .setPort(port)
                .setPortAutoIncrement(false)
                .setPublicAddress(address())
                .setReuseAddress(true);
        network.getInterfaces().setEnabled(true).addInterface(host);
        JoinConfig join = network.getJoin();
        join.getAutoDetectionConfig().setEnabled(false);
        join.getMulticastConfig().setEnabled(false);
        join.getDiscoveryConfig()
                .addDiscoveryStrategyConfig(new DiscoveryStrategyConfig(new MembersFactory(members), Map.of()));
        return config;
    }

    @Override
    public boolean publish(byte[] message) {
        MessageProducer<Buffer> to = producer;
        if (to == null || inFlight.get() + message.length > IN_FLIGHT_BYTES_MAX) {
            return false;
        }
        inFlight.addAndGet(message.length);
        to.write(Buffer.buffer(message)).onComplete(result -> {
            inFlight.addAndGet(-message.length);
            if (result.failed()) {
                log.debug("message of the relay not sent", result.cause());
            }
        });
        return true;
    }

    @Override
    public Future<Void> leave() {
        Vertx joined = vertx;
        vertx = null;
        producer = null;
        return joined == null ? Future.succeededFuture() : joined.close();
    }

    /** Answers Hazelcast's question for members with what the database knows. */
    @SuppressWarnings("rawtypes") // the types of Hazelcast's interfaces
    private static final class Members extends AbstractDiscoveryStrategy {
        private final Supplier<List<String>> addresses;

        Members(ILogger logger, Map<String, Comparable> properties, Supplier<List<String>> addresses) {
            super(logger, properties);
            this.addresses = addresses;
        }

        @Override
        public Iterable<DiscoveryNode> discoverNodes() {
            List<DiscoveryNode> nodes = new ArrayList<>();
            try {
                for (String each : addresses.get()) {
                    int colon = each.lastIndexOf(':');
                    nodes.add(new SimpleDiscoveryNode(
                            new Address(each.substring(0, colon), Integer.parseInt(each.substring(colon + 1)))));
                }
            } catch (UnknownHostException | RuntimeException failure) {
                log.warn(
                        "could not look for members of the relay, asking again later cause=\"{}\"", failure.toString());
            }
            return nodes;
        }
    }

    @SuppressWarnings("rawtypes") // the types of Hazelcast's interfaces
    private record MembersFactory(Supplier<List<String>> addresses) implements DiscoveryStrategyFactory {
        @Override
        public Class<? extends DiscoveryStrategy> getDiscoveryStrategyType() {
            return Members.class;
        }

        @Override
        public DiscoveryStrategy newDiscoveryStrategy(
                DiscoveryNode self, ILogger logger, Map<String, Comparable> properties) {
            return new Members(logger, properties, addresses);
        }

        @Override
        public Collection<PropertyDefinition> getConfigurationProperties() {
            return List.of();
        }
    }
}
