package dev.boardwalk.crdt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.boardwalk.crdt.sync.UpdateLimits;
import dev.boardwalk.crdt.sync.UpdateValidator;
import dev.boardwalk.testkit.Seed;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Edits that lead back, judged by Yjs from npm: text and formats, maps, arrays, nested types, XML, embeds. */
class RestorationTest extends AgainstYjs {
    private static final int HISTORIES = 80;
    private static final long CLIENT = 4_294_967_296L;
    private static final UpdateValidator VALIDATOR = new UpdateValidator(UpdateLimits.defaults());

    @Test
    void any_moment_of_a_random_history_can_be_led_back_to_and_undone() {
        Seed.each(HISTORIES, seed -> {
            Random random = seed.random();
            List<byte[]> all = yjs.history(seed.value(), 20 + random.nextInt(150), 1 + random.nextInt(4))
                    .updates();
            List<byte[]> wanted = all.subList(0, random.nextInt(all.size() + 1));
            byte[] back = Engine.restore(all, wanted, CLIENT);
            VALIDATOR.validate(back);
            assertThat(yjs.restored(all, back, wanted)).as("back").isEqualTo("equal");
            List<byte[]> restored = with(all, back);
            byte[] undone = Engine.restore(restored, all, CLIENT + 1);
            assertThat(yjs.restored(restored, undone, all)).as("undone").isEqualTo("equal");
            assertThat(Engine.restore(restored, wanted, CLIENT + 2))
                    .as("nothing is left to do")
                    .isEqualTo(new byte[] {0, 0});
        });
    }

    @Test
    void documents_by_hand_come_back_after_everything_in_them_was_deleted() {
        for (String name : yjs.names()) {
            List<byte[]> updates = yjs.document(name).updates();
            byte[] emptied = Engine.restore(updates, List.of(), CLIENT);
            List<byte[]> empty = with(updates, emptied);
            byte[] back = Engine.restore(empty, updates, CLIENT + 1);
            assertThat(yjs.restored(empty, back, updates)).as(name).isEqualTo("equal");
        }
    }

    @Test
    void a_client_that_has_written_is_refused() {
        List<byte[]> updates = yjs.document("text").updates();
        assertThatThrownBy(() -> Engine.restore(updates, List.of(), 7)).isInstanceOf(EngineFailure.Refused.class);
    }

    private static List<byte[]> with(List<byte[]> updates, byte[] one) {
        List<byte[]> all = new ArrayList<>(updates);
        all.add(one);
        return all;
    }
}
