package dev.boardwalk.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** The values that need no database: keys, batches, texts, settings, errors. */
class ValuesTest {

    @Test
    void names_up_to_255_bytes_without_control_characters_are_keys() {
        assertThatCode(() -> new EntityKey(OrganisationId.LOCAL, "p", "a".repeat(255)))
                .doesNotThrowAnyException();
        assertThatCode(() -> new EntityKey(OrganisationId.LOCAL, "p", "ü".repeat(127)))
                .doesNotThrowAnyException();
        for (String bad : List.of("", "a".repeat(256), "ü".repeat(128), "a\nb", "a\0", "\u007f", "\u0085", "\ud800")) {
            assertThatThrownBy(() -> new EntityKey(OrganisationId.LOCAL, "p", bad))
                    .isInstanceOf(StoreException.InvalidName.class);
            assertThatThrownBy(() -> new EntityKey(OrganisationId.LOCAL, bad, "n"))
                    .isInstanceOf(StoreException.InvalidName.class);
        }
    }

    @Test
    void ids_begin_at_one() {
        assertThatThrownBy(() -> new OrganisationId(0)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new EntityId(OrganisationId.LOCAL, 0)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void batches_of_any_lengths_come_back_as_they_were() {
        Random random = new Random(1);
        List<byte[]> updates = new ArrayList<>();
        for (int length : new int[] {0, 1, 127, 128, 129, 16_383, 16_384, 2_097_151, 2_097_152, 0}) {
            byte[] update = new byte[length];
            random.nextBytes(update);
            updates.add(update);
        }

        assertThat(UpdateBatch.decode(UpdateBatch.encode(updates)))
                .usingElementComparator(Arrays::compare)
                .containsExactlyElementsOf(updates);
        assertThat(UpdateBatch.decode(new byte[0])).isEmpty();
    }

    @Test
    void bytes_that_are_no_batch_are_refused() {
        for (byte[] bad : List.of(
                new byte[] {1}, new byte[] {-1}, new byte[] {-1, -1, -1, -1, -1, -1, 1}, new byte[] {1, 0, 4, 0})) {
            assertThatThrownBy(() -> UpdateBatch.decode(bad)).isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Test
    void what_jsonb_cannot_hold_is_replaced_and_nothing_else() {
        assertThat(JsonText.storable("{\"a\":\"\\u0000\"}")).isEqualTo("{\"a\":\"\\ufffd\"}");
        assertThat(JsonText.storable("\"\\\\u0000\"")).isEqualTo("\"\\\\u0000\"");
        assertThat(JsonText.storable("\"\\\\\\u0000\"")).isEqualTo("\"\\\\\\ufffd\"");
        assertThat(JsonText.storable("\"\\ud83d\\ude00 \\ud83d \\ude00\""))
                .isEqualTo("\"\\ud83d\\ude00 \\ufffd \\ufffd\"");
        assertThat(JsonText.storable("\"\\ud83d\\u0041\"")).isEqualTo("\"\\ufffd\\u0041\"");
        assertThat(JsonText.storable("\"\\u00\"")).isEqualTo("\"\\u00\"");
        assertThat(JsonText.storable("\"\uD83D\uDE00\uD83D\0\"")).isEqualTo("\"\uD83D\uDE00\uFFFD\uFFFD\"");
        String plain = "{\"é\": [1, \"\\n\\\"\"]}";
        assertThat(JsonText.storable(plain)).isSameAs(plain);
    }

    @Test
    void an_address_is_taken_apart_and_its_password_never_shown() {
        DatabaseSettings settings =
                DatabaseSettings.parse("postgresql://us%40er:p%2Fw%3A+d@db.example:6543/na%20me?sslmode=require");

        assertThat(settings.user()).isEqualTo("us@er");
        assertThat(settings.password()).isEqualTo("p/w:+d");
        assertThat(settings.host()).isEqualTo("db.example");
        assertThat(settings.port()).isEqualTo(6543);
        assertThat(settings.database()).isEqualTo("na me");
        assertThat(settings.tls()).isEqualTo(DatabaseSettings.Tls.REQUIRE);
        assertThat(settings.toString()).doesNotContain("p/w").contains("db.example:6543");
        assertThat(DatabaseSettings.parse(settings.addressWithPassword())).isEqualTo(settings);
        assertThat(DatabaseSettings.parse("postgres://u@h/d").port()).isEqualTo(5432);
        assertThat(DatabaseSettings.parse("postgres://u@h/d").password()).isNull();
    }

    @Test
    void an_address_that_cannot_be_used_is_refused_without_its_password() {
        for (String bad : List.of(
                "mysql://u:secret@h/d",
                "postgresql://u:secret@h",
                "postgresql://u:secret@h/",
                "postgresql:///d",
                "postgresql://h/d",
                "postgresql://u:secret@h/d?sslmode=maybe",
                "postgresql://u:secret@h/d?foo=1",
                "postgresql://u:secret @h/d")) {
            assertThatThrownBy(() -> DatabaseSettings.parse(bad))
                    .as(bad)
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageNotContaining("secret");
        }
    }

    @Test
    void limits_refuse_nonsense() {
        assertThatThrownBy(() -> DatabaseLimits.DEFAULTS.withLease(Duration.ZERO))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("lease");
    }

    @Test
    void every_sqlstate_has_its_kind() {
        assertThat(kind("53100")).isInstanceOf(StoreException.DiskFull.class);
        assertThat(kind("25006")).isInstanceOf(StoreException.ReadOnly.class);
        assertThat(kind("23505")).isInstanceOf(StoreException.Conflict.class);
        for (String passing :
                List.of("57P01", "57P02", "57P03", "08006", "08001", "53300", "57014", "40P01", "55P03")) {
            assertThat(kind(passing)).as(passing).isInstanceOf(StoreException.Unavailable.class);
            assertThat(kind(passing).passes()).isTrue();
        }
        for (String lasting : List.of("22P02", "22P05", "23514", "42P01", "54000", "P0001")) {
            assertThat(kind(lasting)).as(lasting).isInstanceOf(StoreException.Rejected.class);
            assertThat(kind(lasting).passes()).isFalse();
        }
        for (String unsuitable : List.of("42501", "28P01", "28000", "3D000")) {
            assertThat(kind(unsuitable)).as(unsuitable).isInstanceOf(StoreException.Unsuitable.class);
        }
        assertThat(SqlErrors.of("x", new IOException("gone"))).isInstanceOf(StoreException.Unavailable.class);
    }

    @Test
    void versions_are_compared_number_by_number() {
        assertThat(Suitability.older("1.5.0", "1.8")).isTrue();
        assertThat(Suitability.older("1.8.0", "1.8")).isFalse();
        assertThat(Suitability.older("1.10", "1.8")).isFalse();
        assertThat(Suitability.older("0.8.7", "0.8")).isFalse();
        assertThat(Suitability.older("1.8rc1", "1.8")).isFalse();
        assertThat(Suitability.older("1", "1.8")).isTrue();
    }

    private static StoreException kind(String state) {
        return SqlErrors.of("try", new SQLException("said the server", state));
    }
}
