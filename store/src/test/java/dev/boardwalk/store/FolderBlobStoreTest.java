package dev.boardwalk.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FolderBlobStoreTest extends BlobStoreContract {
    @TempDir
    static Path folder;

    private BlobStore blobs;

    @BeforeAll
    void open() {
        blobs = BlobStores.folder(folder.resolve("objects"));
    }

    @Override
    BlobStore blobs() {
        return blobs;
    }

    @Override
    void damage(String key) {
        try {
            Path file = folder.resolve("objects").resolve(key);
            byte[] bytes = Files.readAllBytes(file);
            bytes[bytes.length / 2] ^= 1;
            Files.write(file, bytes);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    @Test
    void what_an_interrupted_put_left_is_no_object() throws IOException {
        Files.write(folder.resolve("objects/.aside/half"), new byte[7]);

        assertThat(list("")).noneMatch(entry -> entry.key().contains("half"));
    }

    @Test
    void a_folder_that_cannot_be_made_is_one_clear_line() throws IOException {
        Path file = Files.createFile(folder.resolve("a-file"));

        assertThatThrownBy(() -> BlobStores.folder(file.resolve("objects")))
                .isInstanceOf(StoreException.class)
                .hasMessageContaining(file.toString());
    }
}
