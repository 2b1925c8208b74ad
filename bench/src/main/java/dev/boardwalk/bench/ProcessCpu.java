package dev.boardwalk.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * Reads the CPU time and the resident memory of process trees from {@code /proc} (Linux). The time of a tree is that of
 * its living processes plus what its ended children left to their parents.
 */
final class ProcessCpu {
    /** Clock ticks a second in {@code /proc/PID/stat}: USER_HZ, 100 on every Linux architecture in use. */
    private static final long TICKS_PER_SECOND = 100;

    private static final int UTIME = 11;
    private static final int RESIDENT_PAGES = 21;
    private static final int PAGE_BYTES = 4096;

    private ProcessCpu() {}

    /** CPU microseconds that these processes and their descendants have used so far, user and system. */
    static long microsOf(List<Long> roots) {
        long ticks = tree(roots)
                .map(ProcessCpu::stat)
                .mapToLong(stat -> stat.length == 0
                        ? 0
                        : Stream.of(0, 1, 2, 3)
                                .mapToLong(field -> Long.parseLong(stat[UTIME + field]))
                                .sum())
                .sum();
        return ticks * (1_000_000 / TICKS_PER_SECOND);
    }

    /** Resident bytes of these processes and their descendants; shared pages count once for each process. */
    static long residentBytesOf(List<Long> roots) {
        return tree(roots)
                .map(ProcessCpu::stat)
                .mapToLong(stat -> stat.length == 0 ? 0 : Long.parseLong(stat[RESIDENT_PAGES]) * PAGE_BYTES)
                .sum();
    }

    private static Stream<Long> tree(List<Long> roots) {
        return roots.stream()
                .flatMap(pid -> ProcessHandle.of(pid).stream())
                .flatMap(process -> Stream.concat(Stream.of(process), process.descendants()))
                .map(ProcessHandle::pid)
                .distinct();
    }

    /** The fields after the command's name; empty when the process has gone meanwhile. */
    private static String[] stat(long pid) {
        try {
            String line = Files.readString(Path.of("/proc", Long.toString(pid), "stat"));
            return line.substring(line.lastIndexOf(')') + 2).split(" ");
        } catch (NoSuchFileException _) {
            return new String[0];
        } catch (IOException e) {
            throw new UncheckedIOException("reading the CPU time of process " + pid, e);
        }
    }
}
