package dev.boardwalk.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The bus between processes, with its members in one. */
class ClusteredBusTest {
    private final List<String> addresses = new CopyOnWriteArrayList<>();
    private final List<Member> members = new ArrayList<>();

    @AfterEach
    void leave() {
        members.forEach(member -> TestGateway.await(member.bus.leave()));
    }

    @Test
    void members_find_each_other_by_addresses_and_hear_each_other_in_order() {
        Member one = join("this");
        Member two = join("this");
        Member stranger = join("another");
        await().atMost(30, TimeUnit.SECONDS).until(() -> {
            one.say("hello");
            two.say("hello");
            return one.heard.contains("two hello") && two.heard.contains("one hello");
        });
        for (int i = 0; i < 200; i++) {
            one.say(Integer.toString(i));
        }
        await().atMost(30, TimeUnit.SECONDS).until(() -> two.heard.contains("one 199"));
        List<String> numbers =
                two.heard.stream().filter(words -> words.matches("one \\d+")).toList();
        assertThat(numbers).hasSize(200);
        assertThat(numbers.get(120)).isEqualTo("one 120");
        assertThat(stranger.heard).noneMatch(words -> words.startsWith("one") || words.startsWith("two"));
        assertThat(one.bus.address()).startsWith("127.0.0.1:");
    }

    private Member join(String name) {
        Member member = new Member(
                ClusteredBus.on("127.0.0.1"), List.of("one", "two", "three").get(members.size()));
        members.add(member);
        // Each knows those that came before, and later also those that came after.
        addresses.add(member.bus.address());
        TestGateway.await(member.bus.join(
                name, () -> addresses, bytes -> member.heard.add(new String(bytes, StandardCharsets.UTF_8))));
        return member;
    }

    private record Member(ClusteredBus bus, String name, List<String> heard) {
        Member(ClusteredBus bus, String name) {
            this(bus, name, new CopyOnWriteArrayList<>());
        }

        void say(String words) {
            bus.publish((name + " " + words).getBytes(StandardCharsets.UTF_8));
        }
    }
}
