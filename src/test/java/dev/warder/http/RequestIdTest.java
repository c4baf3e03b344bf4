package dev.warder.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warder.http.RequestId.IdRandom;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/** The ids of requests and sessions, and the random numbers of ids. */
class RequestIdTest {
    private static final String CLAUDE_CODE = "x-claude-code-session-id";
    private static final String CODEX = "session-id";

    private final Random random = new Random(1);

    @Test
    void hasAPrefixAnd26CharactersOfBase32() {
        assertThat(RequestId.next(random)).matches("req_wrd_[a-z2-7]{26}");
    }

    @Test
    void usesEveryCharacterAtEveryPlace() {
        var seen = new HashSet<String>();
        for (int i = 0; i < 2_000; i++) {
            String id = RequestId.next(random);
            for (int at = 8; at < id.length(); at++) {
                seen.add(at + ":" + id.charAt(at));
            }
        }
        assertThat(seen).hasSize(26 * 32);
    }

    @Test
    void givesEachNumberOnceToAllThreads() {
        var random = new IdRandom();
        var numbers = IntStream.range(0, 100_000)
                .parallel()
                .mapToLong(i -> random.nextLong())
                .toArray();
        assertThat(LongStream.of(numbers).distinct().count()).isEqualTo(numbers.length);
    }

    @Test
    void usesAllBits() {
        var random = new IdRandom();
        long ones = 0;
        long zeros = 0;
        for (int i = 0; i < 1000; i++) {
            long number = random.nextLong();
            ones |= number;
            zeros |= ~number;
        }
        assertThat(ones).isEqualTo(-1L);
        assertThat(zeros).isEqualTo(-1L);
    }

    @Test
    void differsFromAnotherOne() {
        var first = new HashSet<Long>();
        var random = new IdRandom();
        var other = new IdRandom();
        for (int i = 0; i < 1000; i++) {
            first.add(random.nextLong());
        }
        for (int i = 0; i < 1000; i++) {
            assertThat(first).doesNotContain(other.nextLong());
        }
    }

    @Test
    void isWhatClaudeCodeSendsOnEachRoute() {
        assertThat(name(Route.MESSAGES, Map.of(CLAUDE_CODE, "a", CODEX, "b"))).hasValue("a");
        assertThat(name(Route.RESPONSES, Map.of(CLAUDE_CODE, "a", CODEX, "b"))).hasValue("a");
    }

    @Test
    void isWhatCodexSendsWithTheResponsesApiOnly() {
        assertThat(name(Route.RESPONSES, Map.of(CODEX, "b"))).hasValue("b");
        assertThat(name(Route.MESSAGES, Map.of(CODEX, "b"))).isEmpty();
        assertThat(name(Route.RESPONSES, Map.of())).isEmpty();
    }

    private static Optional<String> name(Route route, Map<String, String> fields) {
        return route.session(field -> Optional.ofNullable(fields.get(field)));
    }
}
