package dev.boardwalk.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TokenBucketTest {
    private static final long SECOND = 1_000_000_000L;

    @ParameterizedTest
    @ValueSource(longs = {0, 5 * SECOND, Long.MAX_VALUE - 3 * SECOND, Long.MIN_VALUE})
    void a_burst_is_free_and_then_each_message_costs_its_time(long start) {
        TokenBucket bucket = new TokenBucket(10, start);
        for (int i = 0; i < 10 * TokenBucket.BURST_SECONDS; i++) {
            assertThat(bucket.take(start)).isNotPositive();
        }
        assertThat(bucket.take(start)).isEqualTo(SECOND / 10);
        assertThat(bucket.take(start)).isEqualTo(SECOND / 5);
        assertThat(bucket.recovered(start + SECOND)).isFalse();
        assertThat(bucket.take(start + SECOND / 5)).isEqualTo(SECOND / 10);
        assertThat(bucket.recovered(start + (TokenBucket.BURST_SECONDS / 2 + 1) * SECOND))
                .isTrue();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 7, 1_000_000})
    void rest_fills_it_and_no_more_than_that(int perSecond) {
        TokenBucket bucket = new TokenBucket(perSecond, 0);
        long later = 3_600 * SECOND;
        int free = 0;
        while (bucket.take(later) <= 0) {
            free++;
        }
        assertThat(free).isEqualTo(perSecond * TokenBucket.BURST_SECONDS);
    }
}
