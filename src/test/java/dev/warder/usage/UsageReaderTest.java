package dev.warder.usage;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.warder.body.Bodies;
import dev.warder.testkit.Messages;
import dev.warder.usage.UsageRow.Basis;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class UsageReaderTest {
    private static final int MANY = 3 << 20;
    private static final int PIECE = 16 * 1024;

    private final TryUsage usage = Usages.newTry();

    @Test
    void aLongDocumentIsReadToItsEnd() {
        String content = "\"" + "é".repeat(MANY / 2) + "\"";
        document("{\"content\":[{\"usage\":{\"input_tokens\":99},\"text\":" + content
                + "}],\"model\":\"claude-opus-5-5\","
                + "\"stop_reason\":\"end_turn\",\"usage\":{\"input_tokens\":7,\"output_tokens\":3}}");
        assertReported(7, 3);
    }

    @Test
    void aLongEventDoesNotEndTheReading() {
        stream(Messages.start() + Messages.delta("x".repeat(MANY)) + Messages.end());
        assertReported(3, 5);
    }

    @Test
    void aLongEventWithoutANameDoesNotEndTheReading() {
        stream((Messages.start() + Messages.delta("x".repeat(MANY)) + Messages.end()).replaceAll("event: .*\n", ""));
        assertThat(usage.soFar().input()).isEqualTo(3);
        assertThat(usage.soFar().output()).isEqualTo(5);
    }

    @Test
    void theLastCountsInTooLongAnEventAreEstimated() {
        var last = "{\"type\":\"message_delta\",\"x\":\"" + "x".repeat(MANY) + "\",\"usage\":{\"output_tokens\":5}}";
        stream(Messages.start() + Messages.event("message_delta", last) + Messages.event("message_stop", "{}"));
        assertThat(row().cost().basis()).isEqualTo(Basis.ESTIMATED);
    }

    @ParameterizedTest
    @ValueSource(strings = {"br", "zstd", "gzip, gzip"})
    void aCodingThatCannotBeReadIsEstimated(String coding) {
        var reader = new UsageReader(usage, true, coding, () -> {});
        reader.read(Messages.start().getBytes(UTF_8));
        reader.end();
        assertThat(usage.hasStarted()).isFalse();
        assertThat(row().cost().basis()).isEqualTo(Basis.ESTIMATED);
        assertThat(row().cost().nanos()).isPositive();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "[]",
                "{}",
                "7",
                "null",
                "{\"usage\":",
                "{\"usage\":7}",
                "<html>",
                "{\"usage\":{\"input_tokens\":1}} x",
                "{\"content\":[]}"
            })
    void aDocumentWithoutUsageIsEstimated(String document) {
        document(document);
        assertThat(row().cost().basis()).isEqualTo(Basis.ESTIMATED);
    }

    @Test
    void anErrorDocumentCostsNothing() {
        document(Messages.error("overloaded_error", "x"));
        assertThat(row().cost().basis()).isEqualTo(Basis.ASSUMED);
        assertThat(row().upstream().end()).isEqualTo(UsageRow.End.ERROR);
    }

    @Test
    void gzipThatIsCutIsEstimated() {
        byte[] coded = Bodies.gzip(Messages.start() + Messages.end());
        var reader = new UsageReader(usage, true, "gzip", () -> {});
        reader.read(Arrays.copyOf(coded, coded.length - 1));
        reader.end();
        assertThat(row().cost().basis()).isEqualTo(Basis.ESTIMATED);
    }

    @Test
    void gzipThatIsBrokenIsEstimatedAndHarmless() {
        var reader = new UsageReader(usage, true, "x-gzip", () -> {});
        reader.read("no gzip".getBytes(UTF_8));
        reader.read(Messages.start().getBytes(UTF_8));
        reader.end();
        assertThat(row().cost().basis()).isEqualTo(Basis.ESTIMATED);
    }

    @Test
    void gzipThatDecodesToFarMoreIsGivenUp() {
        byte[] coded = Bodies.gzip(new byte[64 << 20]);
        var reader = new UsageReader(usage, true, "gzip", () -> {});
        reader.read(coded);
        reader.end();
        assertThat(row().cost().basis()).isEqualTo(Basis.ESTIMATED);
    }

    @Test
    void absurdCountsAreHarmless() {
        document(
                "{\"model\":\"claude-opus-5-5\",\"stop_reason\":\"end_turn\",\"usage\":{\"input_tokens\":999999999999999,"
                        + "\"cache_creation_input_tokens\":999999999999999,\"cache_read_input_tokens\":999999999999999,"
                        + "\"output_tokens\":-3,\"iterations\":[{\"type\":\"message\",\"input_tokens\":999999999999999},"
                        + "{\"type\":\"message\",\"input_tokens\":999999999999999},7,null]}}");
        assertThat(row().consumption().counts().input()).isEqualTo(999_999_999_999_999L);
        assertThat(row().cost().nanos()).isEqualTo(9_199_999_999_999_990_800L);
    }

    @Test
    void longTextsOfTheUpstreamAreCut() {
        document("{\"model\":\"" + "m".repeat(5_000) + "\",\"stop_reason\":\"" + "s".repeat(5_000)
                + "\",\"usage\":{\"input_tokens\":1}}");
        assertThat(row().models().answered().orElseThrow()).hasSize(256);
        assertThat(row().consumption().stopReason().orElseThrow()).hasSize(256);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "event: error\ndata: {\"type\":\"overloaded_error\",\"error\":{\"message\":\"x\"}}\n\n",
                "data: {\"type\":\"x\",\"error\":{}}\n\n",
                "data: {\"error\":{}}\n\n"
            })
    void anErrorIsOneWhateverItsTypeIs(String error) {
        stream(Messages.start() + error);
        assertThat(row().upstream().end()).isEqualTo(UsageRow.End.ERROR);
    }

    @Test
    void aUsageWithoutCountsReportsNothing() {
        stream(Messages.event(
                "message_delta", "{\"type\":\"message_delta\",\"delta\":{\"stop_reason\":\"end_turn\"},\"usage\":{}}"));
        assertThat(usage.hasStarted()).isFalse();
    }

    private void assertReported(long input, long output) {
        var row = row();
        assertThat(row.cost().basis()).isEqualTo(Basis.REPORTED);
        assertThat(row.consumption().counts().input()).isEqualTo(input);
        assertThat(row.consumption().counts().output()).isEqualTo(output);
    }

    private UsageRow row() {
        return usage.rows(Usages.result(UsageRow.End.COMPLETE)).get(0);
    }

    private void document(String text) {
        read(text, false);
    }

    private void stream(String text) {
        read(text, true);
    }

    private void read(String text, boolean stream) {
        byte[] bytes = text.getBytes(UTF_8);
        var reader = new UsageReader(usage, stream, "", () -> {});
        for (int from = 0; from < bytes.length; from += PIECE) {
            reader.read(Arrays.copyOfRange(bytes, from, Math.min(bytes.length, from + PIECE)));
        }
        reader.end();
    }
}
