package dev.boardwalk.gateway.live;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** Flushes: what is taken, what arrives meanwhile, and the new base. */
class FlushTest {
    private final TestLimits limits = new TestLimits();
    private EntityRig rig = EntityRig.empty();
    private TestPeer writer = rig.joinFresh();

    private FlushWork begin() {
        return Objects.requireNonNull(rig.entity.beginFlush());
    }

    @Test
    void only_what_is_committed_is_flushed() {
        rig.insert(writer, 7, 0, "a");
        assertThat(rig.entity.beginFlush()).isNull();
        rig.commit();
        rig.insert(writer, 7, 1, "b");
        FlushWork work = begin();
        assertThat(work.updates()).hasSize(1);
        assertThat(work.throughSequence()).isEqualTo(1);
    }

    @Test
    void an_update_arriving_during_a_flush_is_flushed_next() {
        rig.insert(writer, 7, 0, "a");
        rig.commit();
        FlushWork work = begin();
        rig.insert(writer, 7, 1, "b");
        rig.commit();
        assertThat(rig.entity.beginFlush()).as("one at a time").isNull();
        rig.endFlush(work);
        assertThat(rig.entity.isDirty()).isTrue();
        assertThat(begin().updates()).hasSize(1);
    }

    @Test
    void a_failed_flush_takes_the_same_again() {
        rig.insert(writer, 7, 0, "a");
        rig.commit();
        rig.handle(new LiveEvent.FlushFailed(begin()));
        assertThat(rig.entity.isDirty()).isTrue();
        assertThat(begin().updates()).hasSize(1);
    }

    @Test
    void after_a_flush_a_fresh_client_is_served_from_the_new_base() {
        rig.insert(writer, 7, 0, "abc");
        rig.update(writer, MiniUpdate.delete(7, 0, 1));
        rig.commit();
        rig.flush();
        assertThat(rig.entity.isDirty()).isFalse();
        TestPeer fresh = rig.join();
        rig.step1(fresh);
        assertThat(fresh.drain()).containsExactly("step1 7:3", "step2 7@0+3 -7@0+1");
    }

    @Test
    void a_base_that_lacks_flushed_content_is_a_mistake_of_the_owner_and_changes_nothing() {
        rig.insert(writer, 7, 0, "abc");
        rig.update(writer, MiniUpdate.delete(7, 0, 1));
        rig.commit();
        FlushWork work = begin();
        Base without = MiniDoc.of(List.of(MiniUpdate.insert(7, 0, "ab", null), MiniUpdate.delete(7, 0, 1)))
                .toBase();
        assertThatThrownBy(() -> rig.entity.handle(new LiveEvent.FlushDone(work, without)))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("7:2");
        Base undeleted =
                MiniDoc.of(List.of(MiniUpdate.insert(7, 0, "abc", null))).toBase();
        assertThatThrownBy(() -> rig.entity.handle(new LiveEvent.FlushDone(work, undeleted)))
                .isInstanceOf(IllegalStateException.class);
        assertThat(rig.entity.committedPieces()).hasSize(2);
    }

    @Test
    void a_long_log_asks_for_a_flush_once_and_again_after_it() {
        limits.logUpdatesMax = 2;
        rig = EntityRig.loaded(limits, Base.empty());
        writer = rig.joinFresh();
        for (int i = 0; i < 5; i++) {
            rig.insert(writer, 7, i, "x");
        }
        assertThat(rig.flushesAsked).isEqualTo(1);
        rig.commit();
        rig.flush();
        for (int i = 5; i < 9; i++) {
            rig.insert(writer, 7, i, "x");
        }
        assertThat(rig.flushesAsked).isEqualTo(2);
    }

    @Test
    void a_large_log_asks_for_a_flush() {
        limits.logBytesMax = 100;
        rig = EntityRig.loaded(limits, Base.empty());
        writer = rig.joinFresh();
        rig.insert(writer, 7, 0, "x".repeat(200));
        assertThat(rig.flushesAsked).isEqualTo(1);
    }

    @Test
    void a_flush_lets_the_log_weigh_nothing() {
        for (int i = 0; i < 100; i++) {
            rig.insert(writer, 7, i, "x");
        }
        rig.commit();
        long before = rig.entity.weightBytes();
        rig.flush();
        assertThat(rig.entity.weightBytes()).isLessThan(before / 10);
    }

    @Test
    void stored_updates_in_any_order_make_a_base_and_what_is_lost_is_told() {
        BaseBuilder builder = new BaseBuilder();
        builder.add(MiniUpdate.valid(MiniUpdate.insert(7, 3, "d", null)));
        builder.add(MiniUpdate.valid(MiniUpdate.delete(7, 3, 1)));
        builder.add(MiniUpdate.valid(MiniUpdate.insert(7, 0, "abc", null)));
        builder.add(MiniUpdate.valid(MiniUpdate.insert(9, 5, "lost", null)));
        Base base = builder.build();
        assertThat(base.known().get(7)).isEqualTo(4);
        assertThat(base.pieces()).hasSize(3);
        assertThat(base.hasDeletes()).isTrue();
        assertThat(builder.unfit()).hasSize(1);
    }
}
