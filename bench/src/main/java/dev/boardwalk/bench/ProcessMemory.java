package dev.boardwalk.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The memory of this process as the system counts it, native memory included. Linux only. */
final class ProcessMemory {
    private static final Path STATUS = Path.of("/proc/self/status");

    private ProcessMemory() {}

    /** The most that was resident since the process began, in bytes. */
    static long peakBytes() {
        return bytes("VmHWM:");
    }

    /** What is resident now, in bytes. */
    static long residentBytes() {
        return bytes("VmRSS:");
    }

    private static long bytes(String name) {
        try {
            return Files.readAllLines(STATUS).stream()
                    .filter(line -> line.startsWith(name))
                    .map(line -> line.replaceAll("\\D", ""))
                    .mapToLong(Long::parseLong)
                    .map(kibibytes -> kibibytes << 10)
                    .findFirst()
                    .orElse(0);
        } catch (IOException notLinux) {
            throw new UncheckedIOException("reading " + STATUS, notLinux);
        }
    }
}
