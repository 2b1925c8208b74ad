package dev.boardwalk.gateway;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.encoder.PatternLayoutEncoder;
import ch.qos.logback.classic.filter.ThresholdFilter;
import ch.qos.logback.classic.spi.Configurator;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.ConsoleAppender;
import ch.qos.logback.core.encoder.Encoder;
import ch.qos.logback.core.rolling.RollingFileAppender;
import ch.qos.logback.core.rolling.SizeAndTimeBasedRollingPolicy;
import ch.qos.logback.core.spi.ContextAwareBase;
import ch.qos.logback.core.util.FileSize;
import java.nio.file.Path;
import org.slf4j.LoggerFactory;

/**
 * The place where log lines go: warnings to the console at once, everything else to the data folder as soon as that is
 * known.
 *
 * <p>Found by logback through {@code META-INF/services}; code instead of XML because reading XML costs a fifth of a
 * second at each start.
 */
public final class LogConfigurator extends ContextAwareBase implements Configurator {
    private static final String CONSOLE = "%d{HH:mm:ss} %-5level %msg%n%ex{short}";
    private static final String FILE = "%d{yyyy-MM-dd'T'HH:mm:ss.SSSXXX,UTC} %-5level [%thread] %logger{36} %msg%n%ex";

    @Override
    public ExecutionStatus configure(LoggerContext context) {
        ConsoleAppender<ILoggingEvent> console = new ConsoleAppender<>();
        console.setContext(context);
        console.setName("console");
        console.setTarget("System.err");
        console.setEncoder(encoder(context, CONSOLE));
        ThresholdFilter threshold = new ThresholdFilter();
        threshold.setContext(context);
        threshold.setLevel(Level.WARN.toString());
        threshold.start();
        console.addFilter(threshold);
        console.start();
        Logger root = context.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
        root.setLevel(Level.WARN);
        root.addAppender(console);
        context.getLogger("dev.boardwalk").setLevel(Level.INFO);
        // Warns of each connection that a restart of the database closed; what that costs is reported by its users.
        context.getLogger("com.zaxxer.hikari").setLevel(Level.ERROR);
        // Speaks at length of members that come and go; the relay says itself what matters.
        System.setProperty("hazelcast.logging.type", "slf4j");
        context.getLogger("com.hazelcast").setLevel(Level.ERROR);
        context.getLogger("io.vertx.core.eventbus").setLevel(Level.ERROR);
        return ExecutionStatus.DO_NOT_INVOKE_NEXT_IF_ANY;
    }

    /**
     * Writes a log of this name in this folder from now on, a file a day or 50 MiB, a gigabyte in all.
     *
     * @param name of the file, without its ending
     * @return ends it
     */
    static AutoCloseable writeTo(Path folder, String name) {
        LoggerContext context = (LoggerContext) LoggerFactory.getILoggerFactory();
        RollingFileAppender<ILoggingEvent> file = new RollingFileAppender<>();
        file.setContext(context);
        file.setName("file");
        file.setFile(folder.resolve(name + ".log").toString());
        file.setEncoder(encoder(context, FILE));
        SizeAndTimeBasedRollingPolicy<ILoggingEvent> policy = new SizeAndTimeBasedRollingPolicy<>();
        policy.setContext(context);
        policy.setParent(file);
        policy.setFileNamePattern(folder + "/" + name + ".%d{yyyy-MM-dd}.%i.log.gz");
        policy.setMaxFileSize(new FileSize(50 * FileSize.MB_COEFFICIENT));
        policy.setMaxHistory(14);
        policy.setTotalSizeCap(new FileSize(FileSize.GB_COEFFICIENT));
        policy.start();
        file.setRollingPolicy(policy);
        file.start();
        Logger root = context.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
        root.addAppender(file);
        return () -> {
            root.detachAppender(file);
            file.stop();
        };
    }

    private static Encoder<ILoggingEvent> encoder(LoggerContext context, String pattern) {
        PatternLayoutEncoder encoder = new PatternLayoutEncoder();
        encoder.setContext(context);
        encoder.setPattern(pattern);
        encoder.start();
        return encoder;
    }
}
