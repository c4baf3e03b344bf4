package dev.warder.usage;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warder.body.Bodies;
import dev.warder.http.Call;
import dev.warder.http.RequestTarget;
import dev.warder.http.Route;
import dev.warder.usage.UsageRow.Basis;
import java.math.BigDecimal;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What other gateways count wrong, as cases of {@code traps.json} with the evidence. The numbers 1 to 10 are those of the
 * requirements; 0 is for prices. Traps 11 and 12 are about requests rather than responses.
 */
class UsageTrapsTest {
    static Stream<TrapCase> cases() {
        return TrapCase.all().stream();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("cases")
    void isCountedExactlyInAnyPieces(TrapCase trap) {
        byte[] body = trap.body(true);
        for (int size : List.of(1, 2, 3, 7, 64, 500, body.length)) {
            assertThat(lines(trap, body, size, "")).as("pieces of " + size).isEqualTo(trap.expected());
        }
        assertThat(lines(trap, trap.body(false), 13, ""))
                .as("without names of events")
                .isEqualTo(trap.expected());
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("cases")
    void isCountedExactlyInGzip(TrapCase trap) {
        byte[] coded = Bodies.gzip(trap.body(true));
        for (int size : List.of(1, 11, coded.length)) {
            assertThat(lines(trap, coded, size, "gzip")).as("pieces of " + size).isEqualTo(trap.expected());
        }
    }

    /** Trap 11. */
    @ParameterizedTest
    @CsvSource({
        "POST, /v1/messages, true",
        "POST, /v1/chat/completions, true",
        "POST, /openai/v1/chat/completions, true",
        "POST, /anthropic/v1/messages, true",
        "POST, /anthropic/v1/messages/, true",
        "POST, /anthropic/v1/v1/messages, true",
        "POST, /anthropic/anthropic/v1/messages, true",
        "POST, /anthropic/anthropic/v1/v1/messages/, true",
        "POST, /anthropic/, false",
        "GET, /anthropic/v1/messages, false",
        "GET, /anthropic/v1/messages/, false",
        "POST, /v1/messages/count_tokens, false",
        "POST, /anthropic/v1/messages/count_tokens, false",
        "POST, /v1/messages/batches, false",
        "POST, /anthropic/v1/messages/batches, false",
        "GET, /v1/models, false",
        "GET, /openai/v1/models, false",
        "HEAD, /api/hello, false",
        "HEAD, /, false",
        "POST, /v1/files, false"
    })
    void onlyWhatRunsAModelHasRows(String method, String path, boolean rows) {
        var call = new Call("req_1", method, new RequestTarget(path, Optional.empty()), Route.of(path));
        assertThat(call.runsModel()).isEqualTo(rows);
    }

    /** Trap 12 (LiteLLM #40095): each try has rows of its own; the first one was cut off after its message began. */
    @Test
    void eachTryHasItsOwnRows() {
        var request =
                Usages.recorder(Usages.ADMITTED, () -> 0).admitted(Usages.facts(), Optional.of("ci"), Optional.empty());
        var cases = TrapCase.all().stream().filter(each -> each.trap() == 8).toList();
        var cut = read(request.newTry("primary"), cases.get(1), cases.get(1).body(true), 50, "")
                .rows(Usages.result(UsageRow.End.CUT_OFF));
        var whole = read(request.newTry("primary"), cases.get(0), cases.get(0).body(true), 50, "")
                .rows(Usages.result(UsageRow.End.COMPLETE));
        assertThat(cut).singleElement().satisfies(row -> {
            assertThat(row.cost().basis()).isEqualTo(Basis.ESTIMATED);
            assertThat(row.upstream().end()).isEqualTo(UsageRow.End.CUT_OFF);
        });
        assertThat(whole).singleElement().satisfies(row -> assertThat(row.cost().basis())
                .isEqualTo(Basis.REPORTED));
        assertThat(cut.get(0).key().tryId()).isNotEqualTo(whole.get(0).key().tryId());
        assertThat(cut.get(0).caller()).isEqualTo(whole.get(0).caller());
    }

    @Test
    void eachTrapHasACaseWithEvidence() {
        assertThat(cases().map(TrapCase::trap).distinct())
                .containsExactlyInAnyOrderElementsOf(
                        IntStream.rangeClosed(0, 10).boxed().toList());
        assertThat(cases()).allSatisfy(each -> assertThat(each.evidence()).isNotBlank());
    }

    /** The sum of the rows is the sum of the upstream, without a difference of one token or one nano-dollar. */
    @Test
    void aThousandMessagesAddUp() {
        var all = TrapCase.all();
        long expected = 0;
        long nanos = 0;
        var dollars = BigDecimal.ZERO;
        for (int i = 0; i < 1_000; i++) {
            var trap = all.get(i % all.size());
            var body = trap.body(true);
            for (var row : rows(trap, body, 1 + i % 97, "")) {
                nanos += row.cost().nanos();
                dollars = dollars.add(row.cost().dollars());
            }
            expected += trap.nanos();
        }
        assertThat(nanos).isEqualTo(expected);
        assertThat(dollars.movePointRight(9)).isEqualByComparingTo(BigDecimal.valueOf(expected));
    }

    private static List<String> lines(TrapCase trap, byte[] body, int size, String coding) {
        return rows(trap, body, size, coding).stream().map(TrapCase::line).toList();
    }

    private static List<UsageRow> rows(TrapCase trap, byte[] body, int size, String coding) {
        var request =
                Usages.recorder(trap.admitted(), () -> 0).admitted(Usages.facts(), Optional.of("ci"), Optional.empty());
        return read(request.newTry("primary"), trap, body, size, coding).rows(Usages.result(trap.end()));
    }

    private static TryUsage read(TryUsage usage, TrapCase trap, byte[] body, int size, String coding) {
        var reader = new UsageReader(usage, trap.isStream(), coding, () -> {});
        for (int from = 0; from < body.length; from += size) {
            reader.read(Arrays.copyOfRange(body, from, Math.min(body.length, from + size)));
        }
        if (trap.end() == UsageRow.End.COMPLETE) {
            reader.end();
        }
        reader.close();
        return usage;
    }
}
