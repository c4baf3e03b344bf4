package dev.warder.credential;

import static dev.warder.credential.PoolGround.answer;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The requests of one session use one credential, on each node. */
class SessionsTest {
    private static final Outcome LIMITED = answer(429, "retry-after", "10");
    private static final int MANY = 4_000;

    private final PoolGround ground = PoolGround.weighted("a1", "b1", "c1", "d1");

    @Test
    void nodesAgreeWithoutSharing() {
        var first = credentials(ground);
        assertThat(first.values()).contains("a", "b", "c", "d");
        assertThat(credentials(PoolGround.weighted("a1", "b1", "c1", "d1"))).isEqualTo(first);
        assertThat(credentials(PoolGround.weighted("d1", "b1", "a1", "c1"))).isEqualTo(first);
    }

    /** Their part may differ from that of the weights by four standard deviations. */
    @Test
    void keepsTheWeights() {
        assertThat(credentials(PoolGround.weighted("a3", "b1")).values())
                .filteredOn("b"::equals)
                .hasSizeBetween(MANY / 4 - 110, MANY / 4 + 110);
    }

    @Test
    void aCredentialThatFailsOrReturnsMovesOnlyItsOwn() {
        var before = credentials(ground);
        limit("b");
        var meanwhile = credentials(ground);
        assertThat(meanwhile).allSatisfy((session, credential) -> {
            if (!before.get(session).equals("b")) {
                assertThat(credential).isEqualTo(before.get(session));
            }
        });
        assertThat(meanwhile.keySet().stream()
                        .filter(session -> before.get(session).equals("b"))
                        .map(meanwhile::get))
                .contains("a", "c", "d")
                .doesNotContain("b");
        ground.seconds(10);
        assertThat(credentials(ground)).isEqualTo(before);
    }

    @Test
    void usesTheFirstUsableOneWhereTheOrderSaysSo() {
        var ordered = PoolGround.ordered("a", "b");
        ordered.use("one", "a", LIMITED);
        ordered.use("one", "b", answer(200));
        ordered.seconds(10);
        ordered.use("one", "a", answer(200));
    }

    @Test
    void tellsTheSessionsOfTwoClientsApart() {
        assertThat(sessions().filter(session -> !credential(
                                ground.pool().candidates(PoolGround.client("laptop"), Optional.of(session)))
                        .equals(credential(ground.request(session)))))
                .hasSizeGreaterThan(MANY / 2);
    }

    @Test
    void theNameInABodyCountsBeforeThatOfAFieldUnlessItIsUnusable() {
        assertThat(sessions()).allSatisfy(session -> {
            String usual = credential(ground.request(session));
            assertThat(credential(ground.request("other").inSession(Optional.of(session))))
                    .isEqualTo(usual);
            assertThat(credential(ground.request(session).inSession(Optional.of("not a name"))))
                    .isEqualTo(usual);
            assertThat(credential(ground.request(session).inSession(Optional.empty())))
                    .isEqualTo(usual);
        });
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a b", "a\nb", "\u00e9", "201"})
    void ignoresWhatIsNoName(String name) {
        String session = name.equals("201") ? "n".repeat(201) : name;
        var used = IntStream.range(0, 4).mapToObj(i -> credential(ground.request(session)));
        assertThat(used).containsExactly("a", "b", "c", "d");
    }

    private void limit(String name) {
        var request = sessions()
                .map(ground::request)
                .map(candidates -> candidates.next().orElseThrow())
                .filter(use -> use.source().name().equals(name));
        request.findFirst().orElseThrow().ended(LIMITED);
    }

    /** By session. */
    private static Map<String, String> credentials(PoolGround ground) {
        return sessions()
                .collect(Collectors.toMap(Function.identity(), session -> credential(ground.request(session))));
    }

    private static Stream<String> sessions() {
        return IntStream.range(0, MANY).mapToObj(i -> "s" + i);
    }

    private static String credential(Candidates request) {
        return request.next().orElseThrow().source().name();
    }
}
