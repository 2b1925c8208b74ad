package dev.boardwalk.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.boardwalk.testkit.Seed;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** What every object storage has to do. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class BlobStoreContract {

    abstract BlobStore blobs();

    /** Changes one byte of what lies under a key, behind the storage's back. */
    abstract void damage(String key);

    @Test
    void what_was_put_is_read_whole_and_in_parts() {
        byte[] bytes = random(1, 100_000);
        String key = put(bytes);

        assertThat(blobs().get(key)).isEqualTo(bytes);
        assertThat(blobs().get(key, 0, 10)).isEqualTo(Arrays.copyOfRange(bytes, 0, 10));
        assertThat(blobs().get(key, 99_990, 10)).isEqualTo(Arrays.copyOfRange(bytes, 99_990, 100_000));
        assertThat(blobs().get(key, 500, 0)).isEmpty();
    }

    @Test
    void an_object_may_be_empty() {
        String key = put(new byte[0]);

        assertThat(blobs().get(key)).isEmpty();
    }

    @Test
    void an_object_larger_than_a_part_is_put_in_parts() {
        byte[] bytes = random(2, S3BlobStore.PART_BYTES + 12_345);
        String key = put(bytes);

        assertThat(blobs().get(key)).isEqualTo(bytes);
        blobs().put(key, bytes);
        assertThat(blobs().get(key, S3BlobStore.PART_BYTES, 5))
                .isEqualTo(Arrays.copyOfRange(bytes, S3BlobStore.PART_BYTES, S3BlobStore.PART_BYTES + 5));
    }

    @Test
    void putting_the_same_again_changes_nothing() {
        byte[] bytes = random(3, 1_000);
        String key = put(bytes);
        List<BlobEntry> before = list(key);

        blobs().put(key, bytes);

        assertThat(list(key)).isEqualTo(before).hasSize(1);
    }

    @Test
    void an_object_that_was_damaged_is_healed_by_the_next_put() {
        byte[] bytes = random(4, 1_000);
        String key = put(bytes);
        damage(key);

        blobs().put(key, bytes);

        assertThat(blobs().get(key)).isEqualTo(bytes);
    }

    @Test
    void what_is_not_there_is_said_to_be_missing() {
        assertThatThrownBy(() -> blobs().get("pack/nothing")).isInstanceOf(StoreException.ObjectMissing.class);
        assertThatThrownBy(() -> blobs().get("pack/nothing", 0, 1)).isInstanceOf(StoreException.ObjectMissing.class);
    }

    @Test
    void a_part_beyond_the_end_is_damage() {
        String key = put(random(5, 100));

        assertThatThrownBy(() -> blobs().get(key, 90, 11)).isInstanceOf(StoreException.ObjectDamaged.class);
        assertThatThrownBy(() -> blobs().get(key, 200, 1)).isInstanceOf(StoreException.ObjectDamaged.class);
    }

    @Test
    void removing_twice_is_as_good_as_once() {
        String key = put(random(6, 100));

        blobs().remove(key);
        blobs().remove(key);

        assertThatThrownBy(() -> blobs().get(key)).isInstanceOf(StoreException.ObjectMissing.class);
    }

    @Test
    void a_list_shows_the_objects_under_a_prefix_with_their_sizes() {
        blobs().put("archive/2026/01/02/03/a", new byte[3]);
        blobs().put("archive/2026/01/02/04/b", new byte[4]);

        assertThat(list("archive/2026/01/02/03/"))
                .singleElement()
                .satisfies(entry -> assertThat(entry.size()).isEqualTo(3));
        assertThat(list("archive/2026/")).hasSize(2);
        assertThat(list("archive/2027/")).isEmpty();
    }

    @Test
    void keys_that_could_mean_another_place_are_refused() {
        for (String key : List.of("", "/a", "a/", "../a", "a/../b", "a//b", "A", "a b", ".aside/x", "a".repeat(513))) {
            assertThatThrownBy(() -> blobs().put(key, new byte[1]))
                    .as(key)
                    .isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Test
    void a_probe_leaves_nothing_behind() {
        blobs().probe();

        assertThat(list("probe/")).isEmpty();
    }

    @Test
    void many_threads_that_put_the_same_object_make_one() throws InterruptedException, ExecutionException {
        byte[] bytes = random(7, 50_000);
        String key = BlobKeys.ofContent(BlobKeys.sha256(bytes));
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<?>> puts = new ArrayList<>();
            for (int i = 0; i < 8; i++) {
                puts.add(threads.submit(() -> blobs().put(key, bytes)));
            }
            for (Future<?> put : puts) {
                put.get();
            }
        }

        assertThat(blobs().get(key)).isEqualTo(bytes);
    }

    @Test
    void any_sequence_of_puts_and_removals_leaves_what_a_map_would_hold() {
        Seed.each(3, seed -> {
            Random random = seed.random();
            String folder = "pack/s" + seed.value() + "/";
            Map<String, byte[]> expected = new TreeMap<>();
            for (int step = 0; step < 60; step++) {
                String key = folder + random.nextInt(12);
                if (random.nextInt(4) == 0) {
                    blobs().remove(key);
                    expected.remove(key);
                } else if (!expected.containsKey(key)) {
                    byte[] bytes = random(random.nextInt(), random.nextInt(5_000));
                    blobs().put(key, bytes);
                    expected.put(key, bytes);
                }
            }
            assertThat(list(folder).stream().map(BlobEntry::key))
                    .containsExactlyInAnyOrderElementsOf(expected.keySet());
            expected.forEach((key, bytes) -> assertThat(blobs().get(key)).isEqualTo(bytes));
        });
    }

    final List<BlobEntry> list(String prefix) {
        List<BlobEntry> entries = new ArrayList<>();
        blobs().list(prefix, entries::add);
        return entries;
    }

    final String put(byte[] bytes) {
        String key = BlobKeys.ofContent(BlobKeys.sha256(bytes));
        blobs().put(key, bytes);
        return key;
    }

    static byte[] random(long seed, int length) {
        byte[] bytes = new byte[length];
        new Random(seed).nextBytes(bytes);
        return bytes;
    }
}
