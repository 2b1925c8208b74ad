package dev.boardwalk.gateway.live;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** Who is here: clock rules, owners, sockets that come and go. */
class AwarenessTest {
    private final TestLimits limits = new TestLimits();
    private EntityRig rig = EntityRig.empty();
    private TestPeer one = rig.joinFresh();
    private TestPeer two = rig.joinFresh();

    private void restart() {
        rig = EntityRig.loaded(limits, Base.empty());
        one = rig.joinFresh();
        two = rig.joinFresh();
    }

    @Test
    void a_state_goes_to_all_and_to_its_sender() {
        rig.awareness(one, "7@1={}");
        assertThat(one.drain()).containsExactly("awareness 7@1={}");
        assertThat(two.drain()).containsExactly("awareness 7@1={}");
    }

    @Test
    void a_state_that_is_not_newer_goes_to_nobody() {
        rig.awareness(one, "7@3={}");
        two.messages();
        rig.awareness(one, "7@3={\"x\":1}");
        rig.awareness(two, "7@2={}");
        rig.awareness(two, "9@0={}");
        assertThat(two.drain()).isEmpty();
    }

    @Test
    void who_comes_learns_of_all_after_being_asked() {
        rig.awareness(one, "7@1={}", "8@4={\"n\":1}");
        assertThat(rig.join().drain()).containsExactly("step1 nothing", "awareness 7@1={} 8@4={\"n\":1}");
    }

    @Test
    void a_question_is_answered_to_the_asker_alone_even_if_nobody_is_here() {
        rig.handle(new LiveEvent.PeerQueryAwareness(one));
        assertThat(one.drain()).containsExactly("awareness nobody");
        assertThat(two.drain()).isEmpty();
    }

    @Test
    void an_explicit_removal_is_forwarded_also_with_the_same_clock() {
        rig.awareness(one, "7@2={}");
        two.messages();
        rig.awareness(one, "7@2=null");
        assertThat(two.drain()).containsExactly("awareness 7@2=null");
        rig.awareness(one, "7@2=null");
        assertThat(two.drain()).isEmpty();
    }

    @Test
    void the_clients_of_a_lost_peer_are_removed_under_the_next_clock() {
        rig.awareness(one, "7@2={}", "8@5={}");
        two.messages();
        rig.leave(one);
        assertThat(two.drain()).containsExactly("awareness 7@3=null 8@6=null");
    }

    @Test
    void a_client_back_under_an_old_clock_is_told_so_and_announces_itself_again() {
        rig.awareness(one, "7@2={}");
        rig.leave(one);
        TestPeer again = rig.joinFresh();
        rig.awareness(again, "7@2={}");
        assertThat(again.drain()).containsExactly("awareness 7@3=null");
        two.messages();
        rig.awareness(again, "7@4={}");
        assertThat(two.drain()).containsExactly("awareness 7@4={}");
    }

    @Test
    void a_client_back_on_a_new_socket_survives_the_end_of_its_half_open_one() {
        rig.awareness(one, "7@2={}");
        TestPeer again = rig.join();
        rig.step1(again, 7, 1);
        rig.awareness(again, "7@2={}");
        two.messages();
        rig.leave(one);
        assertThat(two.drain()).isEmpty();
        rig.leave(again);
        assertThat(two.drain()).containsExactly("awareness 7@3=null");
    }

    @Test
    void whoever_only_sends_on_what_it_heard_does_not_come_to_own_it() {
        rig.awareness(one, "7@2={}");
        rig.awareness(two, "7@2={}");
        one.messages();
        rig.leave(two);
        assertThat(one.drain()).isEmpty();
        TestPeer three = rig.joinFresh();
        rig.leave(one);
        assertThat(three.drain()).containsExactly("awareness 7@3=null");
    }

    @Test
    void peers_that_get_no_updates_yet_get_awareness() {
        TestPeer silent = rig.join();
        silent.messages();
        rig.awareness(one, "7@1={}");
        assertThat(silent.drain()).containsExactly("awareness 7@1={}");
    }

    @Test
    void a_client_that_no_longer_renews_is_forgotten_without_a_word() {
        rig.awareness(one, "7@1={}");
        rig.handle(new LiveEvent.TimePassed(1_000_000));
        rig.awareness(one, "8@1={}");
        rig.handle(new LiveEvent.TimePassed(1_000_000 + AwarenessTable.OUTDATED_MILLIS + 1));
        two.messages();
        assertThat(two.drain()).isEmpty();
        TestPeer late = rig.join();
        assertThat(late.drain()).containsExactly("step1 nothing");
        rig.awareness(one, "7@2={}");
        assertThat(two.drain()).containsExactly("awareness 7@2={}");
    }

    @Test
    void a_state_beyond_its_limit_is_refused_and_the_rest_of_the_message_taken() {
        limits.awarenessStateBytesMax = 10;
        restart();
        rig.awareness(one, "7@1={\"x\":\"too long\"}", "8@1={}");
        assertThat(rig.refusals).containsExactly(Refusal.AWARENESS_STATE_TOO_LARGE);
        assertThat(two.drain()).containsExactly("awareness 8@1={}");
    }

    @Test
    void a_peer_introduces_only_so_many_clients() {
        limits.awarenessClientsPerPeerMax = 2;
        restart();
        rig.awareness(one, "7@1={}", "8@1={}", "9@1={}");
        assertThat(rig.refusals).containsExactly(Refusal.AWARENESS_CLIENTS_FULL);
        rig.awareness(one, "8@2=null", "9@1={}");
        assertThat(rig.refusals).hasSize(1);
    }

    @Test
    void all_peers_together_introduce_only_so_many_clients_and_as_many_gone_ones_are_remembered() {
        limits.awarenessClientsMax = 3;
        restart();
        rig.awareness(one, "1@1={}", "2@1={}");
        rig.awareness(two, "3@1={}", "4@1={}");
        assertThat(rig.refusals).containsExactly(Refusal.AWARENESS_CLIENTS_FULL);
        for (int client = 10; client < 20; client++) {
            rig.awareness(
                    one, "1@" + client + "=null", client + "@1={}", client + "@2=null", "1@" + (client + 1) + "={}");
        }
        assertThat(rig.entity.weightBytes()).isLessThan(10_000);
    }

    @Test
    void other_gateways_learn_of_the_clients_here_and_not_of_their_own() {
        rig.awareness(one, "7@1={}");
        assertThat(rig.drainPresence()).containsExactly("7@1={}");
        rig.relayPresence(5, "9@1={}");
        assertThat(two.drain()).containsExactly("awareness 7@1={}", "awareness 9@1={}");
        rig.awareness(one, "9@1={}");
        assertThat(rig.drainPresence()).isEmpty();
        rig.handle(new LiveEvent.PresenceWanted());
        assertThat(rig.drainPresence()).containsExactly("7@1={}");
        rig.handle(new LiveEvent.PeerLeft(one));
        assertThat(rig.drainPresence()).containsExactly("7@2=null");
    }

    @Test
    void the_clients_of_a_gateway_go_with_it() {
        rig.relayPresence(5, "9@1={}", "10@4={}");
        rig.relayPresence(6, "11@1={}");
        two.messages();
        rig.handle(new LiveEvent.GatewayGone(5));
        assertThat(two.drain()).containsExactly("awareness 10@5=null 9@2=null");
        rig.handle(new LiveEvent.GatewayGone(5));
        assertThat(two.drain()).isEmpty();
        assertThat(rig.drainPresence())
                .as("every gateway finds that out by itself")
                .isEmpty();
    }

    @Test
    void a_client_that_changed_gateways_before_its_removal_came_is_told_to_announce_itself_again() {
        rig.relayPresence(5, "9@3={}");
        rig.relayPresence(5, "9@4=null");
        two.messages();
        rig.relayPresence(6, "9@3={}");
        assertThat(two.drain()).isEmpty();
        assertThat(rig.drainPresence()).containsExactly("9@4=null");
        rig.relayPresence(6, "9@5={}");
        assertThat(two.drain()).containsExactly("awareness 9@5={}");
        rig.handle(new LiveEvent.GatewayGone(5));
        assertThat(two.drain()).as("it belongs to the other one now").isEmpty();
    }

    @Test
    void a_gateway_speaks_for_more_clients_than_a_peer_may() {
        limits.awarenessClientsPerPeerMax = 2;
        restart();
        rig.relayPresence(5, "7@1={}", "8@1={}", "9@1={}");
        assertThat(rig.refusals).isEmpty();
        assertThat(two.drain()).containsExactly("awareness 7@1={} 8@1={} 9@1={}");
    }
}
