package dev.boardwalk.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * The npm packages that benchmarks run beside Boardwalk, installed once below the module's {@code target}, and node to
 * run them with.
 */
final class NpmPeers {
    private final Path folder;

    private NpmPeers(Path folder) {
        this.folder = folder;
    }

    /**
     * Installs the packages when they are not there yet, and brings the scripts up to date.
     *
     * @param module the folder of the bench module
     */
    static NpmPeers install(Path module) {
        Path folder = module.resolve("target/peers/y-websocket");
        try (Stream<Path> files = Files.list(module.resolve("src/main/peers/y-websocket"))) {
            Files.createDirectories(folder);
            for (Path file : files.toList()) {
                Files.copy(file, folder.resolve(file.getFileName()), StandardCopyOption.REPLACE_EXISTING);
            }
            NpmPeers peers = new NpmPeers(folder);
            if (!Files.isDirectory(folder.resolve("node_modules"))) {
                peers.run(System.getenv().getOrDefault("BOARDWALK_NPM", "npm"), "ci", "--no-audit", "--no-fund");
            }
            return peers;
        } catch (IOException e) {
            throw new UncheckedIOException("installing the npm packages in " + folder, e);
        }
    }

    /** Where the packages are. */
    Path folder() {
        return folder;
    }

    /** A process of node with these arguments, in the folder of the packages; not started. */
    ProcessBuilder node(String... arguments) {
        List<String> command = new ArrayList<>();
        command.add(System.getenv().getOrDefault("BOARDWALK_NODE", "node"));
        command.addAll(List.of(arguments));
        return new ProcessBuilder(command).directory(folder.toFile());
    }

    /** A whiteboard of this many nodes and edges, made with yjs, as one update. */
    byte[] board(int nodes) {
        Path file = folder.resolve("board-" + nodes + ".update");
        try {
            run(node("board.mjs", Integer.toString(nodes), file.toString()));
            return Files.readAllBytes(file);
        } catch (IOException e) {
            throw new UncheckedIOException("making a board of " + nodes + " nodes", e);
        }
    }

    private void run(String... command) throws IOException {
        run(new ProcessBuilder(command).directory(folder.toFile()));
    }

    private static void run(ProcessBuilder builder) throws IOException {
        Process process = builder.inheritIO().start();
        if (process.onExit().join().exitValue() != 0) {
            throw new IllegalStateException(String.join(" ", builder.command()) + " failed in " + builder.directory());
        }
    }
}
