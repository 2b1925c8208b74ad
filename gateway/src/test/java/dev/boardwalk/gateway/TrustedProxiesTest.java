package dev.boardwalk.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TrustedProxiesTest {
    private final TrustedProxies proxies = TrustedProxies.parse("10.0.0.0/8, 127.0.0.1,fd00::/8");

    @ParameterizedTest
    @CsvSource({
        // who comes directly counts as who they are, whatever they say
        "192.0.2.1, 198.51.100.7, 192.0.2.1",
        // behind a proxy, and behind two
        "127.0.0.1, 198.51.100.7, 198.51.100.7",
        "10.1.2.3, '198.51.100.7, 10.9.9.9', 198.51.100.7",
        // what the client itself wrote stands first and counts for nothing
        "127.0.0.1, '203.0.113.9, 198.51.100.7', 198.51.100.7",
        // a proxy that says nothing, or nonsense
        "127.0.0.1, '', 127.0.0.1",
        "127.0.0.1, unknown, 127.0.0.1",
        "127.0.0.1, '198.51.100.7, what', 127.0.0.1",
        // version 6 by its network of 64 bits
        "fd00::1, 2001:db8:1:2:3:4:5:6, 20010db800010002::/64",
        "2001:db8:1:2::9, '', 20010db800010002::/64",
    })
    void the_address_is_that_behind_the_proxies(String peer, String forwarded, String client) {
        assertThat(proxies.clientOf(peer, forwarded)).isEqualTo(client);
    }

    @Test
    void without_proxies_the_header_counts_for_nothing() {
        assertThat(TrustedProxies.NONE.clientOf("127.0.0.1", "198.51.100.7")).isEqualTo("127.0.0.1");
    }

    @Test
    void a_long_list_is_not_read_to_its_end() {
        String hops = "10.0.0.1,".repeat(100_000);
        assertThat(proxies.clientOf("10.0.0.1", hops + "10.0.0.2")).startsWith("10.0.0.");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "host.example", "10.0.0.0/33", "::1/129", "10.0.0.0/", "1.2.3.4,,5.6.7.8"})
    void what_is_no_network_is_refused(String text) {
        assertThatThrownBy(() -> TrustedProxies.parse(text)).isInstanceOf(IllegalArgumentException.class);
    }
}
