package dev.boardwalk.testkit;

import com.google.errorprone.annotations.MustBeClosed;
import java.io.ByteArrayOutputStream;
import java.io.File;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.charset.StandardCharsets;

/**
 * A terminal without a screen: a process that has {@link #side} as its input and output finds a terminal there, and what
 * it draws is kept. One thread reads; the C library of the machine makes the pair of devices.
 */
public final class PseudoTerminal implements AutoCloseable {
    /** {@code O_RDWR | O_NOCTTY} of Linux: no process of ours is to get it as its controlling terminal. */
    private static final int READ_WRITE_NO_CONTROL = 0x102;

    private static final int PATH_BYTES_MAX = 64;
    private static final int READ_BYTES = 4_096;

    private static final MethodHandle OPEN = call("posix_openpt", ValueLayout.JAVA_INT);
    private static final MethodHandle GRANT = call("grantpt", ValueLayout.JAVA_INT);
    private static final MethodHandle UNLOCK = call("unlockpt", ValueLayout.JAVA_INT);
    private static final MethodHandle NAME =
            call("ptsname_r", ValueLayout.JAVA_INT, ValueLayout.ADDRESS, ValueLayout.JAVA_LONG);
    private static final MethodHandle READ =
            call("read", ValueLayout.JAVA_INT, ValueLayout.ADDRESS, ValueLayout.JAVA_LONG);
    private static final MethodHandle CLOSE = call("close", ValueLayout.JAVA_INT);

    private final int master;
    private final File side;
    private final ByteArrayOutputStream drawn = new ByteArrayOutputStream();
    private final Thread reader;

    private PseudoTerminal(int master, File side) {
        this.master = master;
        this.side = side;
        this.reader = Thread.ofPlatform().daemon().name("terminal").unstarted(this::read);
    }

    @MustBeClosed
    public static PseudoTerminal open() {
        int master = done("posix_openpt", of(OPEN, READ_WRITE_NO_CONTROL));
        done("grantpt", of(GRANT, master));
        done("unlockpt", of(UNLOCK, master));
        PseudoTerminal terminal = new PseudoTerminal(master, new File(name(master)));
        terminal.reader.start();
        return terminal;
    }

    /** What a process is to have as its standard input and output. */
    public File side() {
        return side;
    }

    /** Everything that was drawn; waits for the last process on the other side to end. */
    public String drawn() {
        try {
            reader.join();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
        return drawn.toString(StandardCharsets.UTF_8);
    }

    /** Ends the pair; a process that still draws gets errors. */
    @Override
    public void close() {
        done("close", of(CLOSE, master));
    }

    /** Ends with an error when nobody has the other side open any more, and with one when this side is closed. */
    private void read() {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment buffer = arena.allocate(READ_BYTES);
            for (long count = of(READ, master, buffer, (long) READ_BYTES);
                    count > 0;
                    count = of(READ, master, buffer, (long) READ_BYTES)) {
                drawn.writeBytes(buffer.asSlice(0, count).toArray(ValueLayout.JAVA_BYTE));
            }
        }
    }

    private static String name(int master) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment path = arena.allocate(PATH_BYTES_MAX);
            done("ptsname_r", of(NAME, master, path, (long) PATH_BYTES_MAX));
            return path.getString(0);
        }
    }

    @SuppressWarnings("restricted") // a test may call the C library
    private static MethodHandle call(String name, java.lang.foreign.MemoryLayout... arguments) {
        Linker linker = Linker.nativeLinker();
        return linker.downcallHandle(
                linker.defaultLookup().findOrThrow(name), FunctionDescriptor.of(ValueLayout.JAVA_LONG, arguments));
    }

    private static long of(MethodHandle function, Object... arguments) {
        try {
            return (long) function.invokeWithArguments(arguments);
        } catch (Throwable failure) {
            throw new IllegalStateException("cannot call the C library", failure);
        }
    }

    private static int done(String what, long result) {
        if ((int) result < 0) {
            throw new IllegalStateException(what + " failed");
        }
        return (int) result;
    }
}
