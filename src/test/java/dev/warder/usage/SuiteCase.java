package dev.warder.usage;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.warder.testkit.Messages;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;

/**
 * What the upstream of {@link LedgerSuiteIT} sends for one request, and what it consumed and cost.
 *
 * @param model what the client asks for
 * @param body whole events or a document
 * @param expected the lines of its rows; the first list before the change of prices, the second one after it
 */
@SuppressWarnings("ArrayRecordComponent") // Never compared.
record SuiteCase(String model, boolean stream, byte[] body, List<List<String>> expected) {
    private static final String DATED = "claude-suite-1";
    private static final String CHAT = "claude-opus-5-5";
    private static final String DATED_BODY =
            """
            {"type":"message","role":"assistant","model":"claude-suite-1","content":[],"stop_reason":"end_turn",
            "usage":{"input_tokens":1000,"output_tokens":10}}""";

    /** Prices per million tokens that change at this moment. */
    static String prices(Instant change) {
        var row =
                """
                {"model":"claude-suite-*","from":"%s","minPrompt":0,"tier":"*","speed":"*","geo":"*","input":"%s",
                "output":"%s","write5m":"1","write1h":"1","read":"1","source":"suite"}""";
        return "{\"rows\":[" + row.formatted("2020-01-01", "4", "20") + ","
                + row.formatted(change.toString(), "2", "10") + "]}";
    }

    /** All cases of {@code traps.json} but those of a date that is over, and one whose price changes while the suite runs. */
    static List<SuiteCase> all() {
        var dated = new SuiteCase(
                DATED, false, DATED_BODY.getBytes(UTF_8), List.of(List.of(line(4_200_000)), List.of(line(2_100_000))));
        var traps = TrapCase.all().stream()
                .filter(trap -> !trap.row().containsKey("admitted"))
                .map(trap -> new SuiteCase(
                        "claude-opus-5-5",
                        trap.isStream(),
                        trap.body(true),
                        List.of(trap.expected(), trap.expected())));
        return Stream.concat(traps, Stream.of(dated)).toList();
    }

    /** The cases of chat completions, whose translation needs whole events: a stream and a document. */
    static List<SuiteCase> ofChat() {
        return List.of(chat(true), chat(false));
    }

    private static SuiteCase chat(boolean stream) {
        var body = stream ? String.join("", Messages.stream("one", "two")) : Messages.message("one");
        var line = List.of(CHAT + " 3 0 0 0 5 0 0 112000 reported");
        return new SuiteCase(CHAT, stream, body.replace("claude-test", CHAT).getBytes(UTF_8), List.of(line, line));
    }

    /** Whether its price changes while the suite runs. */
    boolean isDated() {
        return model.equals(DATED);
    }

    private static String line(long nanos) {
        return DATED + " 1000 0 0 0 10 0 0 " + nanos + " reported";
    }

    /** Whether the upstream's own counts are the result; else time counts too, and the row is an estimate. */
    boolean isExact() {
        return expected.get(0).stream().noneMatch(line -> line.endsWith("estimated"));
    }

    /** The events of a stream, each as it is sent. */
    List<byte[]> events() {
        return Stream.of(new String(body, UTF_8).split("(?<=\n\n)"))
                .map(event -> event.getBytes(UTF_8))
                .toList();
    }
}
