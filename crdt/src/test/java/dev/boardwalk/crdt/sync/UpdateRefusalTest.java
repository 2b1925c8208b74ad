package dev.boardwalk.crdt.sync;

import static dev.boardwalk.crdt.sync.UpdateBytes.of;
import static dev.boardwalk.crdt.sync.UpdateBytes.section;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.boardwalk.crdt.sync.MalformedInput.Code;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What the validator refuses, each with its code. */
class UpdateRefusalTest {
    private static final String ROOT_EMBED = "05 01 01 74";
    private static final String ROOT_ANY = "08 01 01 74";
    private static final long INTEGER_MAX = (1L << 53) - 1;

    static Stream<Arguments> refusals() {
        return Stream.of(
                arguments("nothing at all", of().bytes(), Code.TRUNCATED),
                arguments("the bytes that crashed yrs 0.27", hex("0106070004010174036865ec81"), Code.LENGTH_BOMB),
                arguments("the length bomb of four bytes", hex("d482ed07"), Code.LENGTH_BOMB),
                arguments("a Skip before an item", hex("010201000a0104010174016100"), Code.SKIP),
                arguments(
                        "a delete set is missing",
                        section(1, 1, 0).rootString("a").bytes(),
                        Code.TRUNCATED),
                arguments("bytes after the delete set", hex("000000"), Code.TRAILING_BYTES),
                arguments("a padded integer", hex("8000 00"), Code.BAD_INTEGER),
                arguments("an endless integer", hex("ffffffffffffffffffffffff"), Code.BAD_INTEGER),
                arguments(
                        "an integer of 54 bits",
                        section(1, 0, 0).hex("84 ffffffffffffff1f").bytes(),
                        Code.BAD_INTEGER),
                arguments(
                        "structs beyond the bytes",
                        section(1000, 1, 0).rootString("a").noDeletes(),
                        Code.LENGTH_BOMB),
                arguments(
                        "a section without structs",
                        section(0, 1, 0).hex("0000").noDeletes(),
                        Code.EMPTY),
                arguments("a client twice in a row", twoSections(3, 3), Code.DUPLICATE_CLIENT),
                arguments(
                        "a client twice with another between",
                        hex("03 0105000001 0109000001 0105010001 00"),
                        Code.DUPLICATE_CLIENT),
                arguments("a GC of length 0", section(1, 1, 0).numbers(0, 0).noDeletes(), Code.EMPTY),
                arguments("a GC with flags", section(1, 1, 0).hex("80 01").noDeletes(), Code.UNKNOWN_STRUCT),
                arguments(
                        "a deletion of length 0",
                        section(1, 1, 0).hex("01 01 01 74 00").noDeletes(),
                        Code.EMPTY),
                arguments("an empty string", section(1, 1, 0).rootString("").noDeletes(), Code.EMPTY),
                arguments("no values", section(1, 1, 0).hex(ROOT_ANY + "00").noDeletes(), Code.EMPTY),
                arguments(
                        "a clock that does not fit",
                        section(1, 1, 1L << 31).rootString("a").noDeletes(),
                        Code.CLOCK_OVERFLOW),
                arguments(
                        "a length that does not fit",
                        section(1, 1, 5).numbers(0, (1L << 31) - 5).noDeletes(),
                        Code.CLOCK_OVERFLOW),
                arguments(
                        "a length of 2^53 - 1",
                        section(1, 1, 5).numbers(0, INTEGER_MAX).noDeletes(),
                        Code.CLOCK_OVERFLOW),
                arguments(
                        "lengths that add up too high",
                        section(2, 1, 0).numbers(0, (1L << 31) - 2, 0, 2).noDeletes(),
                        Code.CLOCK_OVERFLOW),
                arguments(
                        "a kind above Skip",
                        section(1, 1, 0).hex("0b 01 01 74 00").noDeletes(),
                        Code.UNKNOWN_STRUCT),
                arguments(
                        "a kind of five bits",
                        section(1, 1, 0).hex("14 01 01 74 01 61").noDeletes(),
                        Code.UNKNOWN_STRUCT),
                arguments(
                        "old JSON that is none",
                        section(1, 1, 0)
                                .hex("02 01 01 74 01")
                                .string("undefine")
                                .noDeletes(),
                        Code.BAD_JSON),
                arguments(
                        "an XmlHook without a name",
                        section(1, 1, 0).hex("07 01 01 74 05").bytes(),
                        Code.TRUNCATED),
                arguments(
                        "a type of the future",
                        section(1, 1, 0).hex("07 01 01 74 07").noDeletes(),
                        Code.UNKNOWN_TYPE),
                arguments(
                        "a parent of neither kind",
                        section(1, 1, 0).hex("04 02 01 74 01 61").noDeletes(),
                        Code.BAD_PARENT),
                arguments(
                        "an origin that is the struct itself",
                        section(1, 1, 0).after(1, 0, "a").noDeletes(),
                        Code.FORWARD_REFERENCE),
                arguments(
                        "an origin that comes later",
                        section(2, 1, 0).after(1, 1, "a").rootString("b").noDeletes(),
                        Code.FORWARD_REFERENCE),
                arguments(
                        "a parent that is the struct itself",
                        section(1, 1, 0).hex("07 00 01 00 01").noDeletes(),
                        Code.FORWARD_REFERENCE),
                arguments(
                        "a root name that is not UTF-8",
                        section(1, 1, 0).hex("04 01 01 ff 01 61").noDeletes(),
                        Code.BAD_UTF8),
                arguments(
                        "a key that is not UTF-8",
                        section(1, 1, 0).hex("24 01 01 74 01 80 01 61").noDeletes(),
                        Code.BAD_UTF8),
                arguments(
                        "a surrogate as UTF-8",
                        section(1, 1, 0).hex("04 01 01 74 03 eda080").noDeletes(),
                        Code.BAD_UTF8),
                arguments(
                        "a string longer than the update",
                        section(1, 1, 0).hex("04 01 01 74 7f 61").noDeletes(),
                        Code.LENGTH_BOMB),
                arguments(
                        "an embed that is not JSON",
                        section(1, 1, 0).hex(ROOT_EMBED).string("{a:1}").noDeletes(),
                        Code.BAD_JSON),
                arguments(
                        "an embed of nothing",
                        section(1, 1, 0).hex(ROOT_EMBED).string("").noDeletes(),
                        Code.BAD_JSON),
                arguments(
                        "a format that is not JSON",
                        section(1, 1, 0)
                                .hex("06 01 01 74")
                                .string("bold")
                                .string("yes")
                                .noDeletes(),
                        Code.BAD_JSON),
                arguments(
                        "an embed of 200 arrays",
                        section(1, 1, 0)
                                .hex(ROOT_EMBED)
                                .string("[".repeat(200) + "]".repeat(200))
                                .noDeletes(),
                        Code.TOO_DEEP),
                arguments(
                        "an unknown value",
                        section(1, 1, 0).hex(ROOT_ANY + "01 73").noDeletes(),
                        Code.UNKNOWN_VALUE),
                arguments(
                        "values beyond the bytes",
                        section(1, 1, 0).hex(ROOT_ANY + "ffffffff07 7e").noDeletes(),
                        Code.LENGTH_BOMB),
                arguments(
                        "an object beyond the bytes",
                        section(1, 1, 0).hex(ROOT_ANY + "01 76 fa01").noDeletes(),
                        Code.LENGTH_BOMB),
                arguments(
                        "a float that is cut off",
                        section(1, 1, 0).hex(ROOT_ANY + "01 7b 00").bytes(),
                        Code.TRUNCATED),
                arguments(
                        "200 arrays in each other",
                        section(1, 1, 0)
                                .hex(ROOT_ANY + "01" + "7501".repeat(200) + "7e")
                                .noDeletes(),
                        Code.TOO_DEEP),
                arguments(
                        "200 objects in each other",
                        section(1, 1, 0)
                                .hex(ROOT_ANY + "01" + "76010161".repeat(200) + "7e")
                                .noDeletes(),
                        Code.TOO_DEEP),
                arguments(
                        "a subdocument without options",
                        section(1, 1, 0).hex("09 01 01 74 01 73 7e").noDeletes(),
                        Code.UNKNOWN_VALUE),
                arguments("a delete range of length 0", of(0, 1, 1, 1, 5, 0).bytes(), Code.EMPTY),
                arguments(
                        "delete ranges that descend", of(0, 1, 1, 2, 5, 1, 3, 1).bytes(), Code.UNSORTED_RANGES),
                arguments(
                        "delete ranges that overlap", of(0, 1, 1, 2, 3, 3, 5, 1).bytes(), Code.UNSORTED_RANGES),
                arguments(
                        "a delete range that does not fit",
                        of(0, 1, 1, 1, 5, 1L << 31).bytes(),
                        Code.CLOCK_OVERFLOW),
                arguments(
                        "a client twice in the delete set",
                        of(0, 2, 4, 1, 0, 1, 4, 1, 1, 1).bytes(),
                        Code.DUPLICATE_CLIENT),
                arguments(
                        "delete ranges beyond the bytes",
                        of(0, 1, 1, 1_000_000_000, 0, 1).bytes(),
                        Code.LENGTH_BOMB));
    }

    private static byte[] hex(String text) {
        return Recorded.hex(text);
    }

    private static byte[] twoSections(long first, long second) {
        return of(2).numbers(1, first, 0)
                .rootString("a")
                .numbers(1, second, 1)
                .rootString("b")
                .noDeletes();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("refusals")
    void refused(String what, byte[] update, Code code) {
        assertThatThrownBy(() -> new UpdateValidator(UpdateLimits.defaults()).validate(update))
                .as(what)
                .isInstanceOfSatisfying(MalformedInput.class, refusal -> {
                    assertThat(refusal.code()).isEqualTo(code);
                    assertThat(refusal.subject()).isEqualTo(MalformedInput.Subject.UPDATE);
                    assertThat(refusal.position()).isBetween(0, update.length);
                    assertThat(refusal).hasMessageContaining(code.text());
                });
    }

    static Stream<Arguments> limits() {
        byte[] board = Recorded.update("board");
        return Stream.of(
                arguments(new UpdateLimits(board.length - 1, 9, 99, 9, 9), board, Code.TOO_LONG),
                arguments(new UpdateLimits(999, 1, 99, 9, 9), Recorded.update("two_clients"), Code.TOO_MANY_CLIENTS),
                arguments(
                        new UpdateLimits(999, 1, 99, 9, 9),
                        of(0, 2, 4, 1, 0, 1, 3, 1, 1, 1).bytes(),
                        Code.TOO_MANY_CLIENTS),
                arguments(new UpdateLimits(999, 9, 30, 9, 9), board, Code.TOO_MANY_STRUCTS),
                arguments(
                        new UpdateLimits(999, 9, 99, 1, 9),
                        of(0, 1, 4, 2, 0, 1, 3, 1).bytes(),
                        Code.TOO_MANY_DELETE_RANGES),
                arguments(new UpdateLimits(999, 9, 99, 9, 2), Recorded.update("map"), Code.TOO_DEEP));
    }

    @ParameterizedTest(name = "{2}")
    @MethodSource("limits")
    void limited(UpdateLimits limits, byte[] update, Code code) {
        UpdateOutline accepted = new UpdateValidator(UpdateLimits.defaults()).validate(update);
        assertThat(accepted.bytes()).isEqualTo(update.length);

        assertThatThrownBy(() -> new UpdateValidator(limits).validate(update))
                .isInstanceOfSatisfying(
                        MalformedInput.class,
                        refusal -> assertThat(refusal.code()).isEqualTo(code));
    }

    @Test
    void a_refusal_names_position_and_limit() {
        UpdateValidator validator = new UpdateValidator(UpdateLimits.defaults().withBytesMax(10));

        assertThatThrownBy(() -> validator.validate(new byte[11]))
                .hasMessage("malformed update: too-long at byte 0 (limit 10)");
    }

    @Test
    void every_cut_of_every_recorded_update_is_refused() {
        UpdateValidator validator = new UpdateValidator(UpdateLimits.defaults());
        Recorded.updates().forEach((name, bytes) -> {
            for (int length = 0; length < bytes.length; length++) {
                int cut = length;
                assertThatThrownBy(() -> validator.validate(bytes, 0, cut))
                        .as("%s cut to %d", name, cut)
                        .isInstanceOf(MalformedInput.class);
            }
        });
    }

    @Test
    void limits_out_of_range_are_refused() {
        assertThatThrownBy(() -> new UpdateLimits(0, 1, 1, 1, 1)).hasMessageContaining("bytesMax");
        assertThatThrownBy(() -> new UpdateLimits(1, 1, 1, 1, 121)).hasMessageContaining("depthMax");
    }
}
