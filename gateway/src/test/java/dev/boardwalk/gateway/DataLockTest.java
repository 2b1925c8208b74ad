package dev.boardwalk.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DataLockTest {
    @TempDir
    Path data;

    @Test
    void the_holder_is_named_to_whoever_comes_second() {
        String pid = Long.toString(ProcessHandle.current().pid());
        try (DataLock first = DataLock.acquire(data)) {
            assertThat(first).isNotNull();
            assertThat(data.resolve("run/boardwalk.pid")).hasContent(pid);
            assertThatThrownBy(() -> DataLock.acquire(data))
                    .isInstanceOf(DataFolderInUse.class)
                    .hasMessageEndingWith("process " + pid);
        }
    }

    @Test
    void a_folder_that_was_given_back_is_free() {
        DataLock.acquire(data).close();
        assertThat(data.resolve("run/boardwalk.pid")).doesNotExist();
        DataLock.acquire(data).close();
    }

    @Test
    void a_process_id_that_a_killed_process_left_does_not_matter() throws Exception {
        Files.createDirectories(data.resolve("run"));
        Files.writeString(data.resolve("run/boardwalk.pid"), "1\n");
        try (DataLock lock = DataLock.acquire(data)) {
            assertThat(lock).isNotNull();
            assertThat(data.resolve("run/boardwalk.pid"))
                    .hasContent(Long.toString(ProcessHandle.current().pid()));
        }
    }
}
