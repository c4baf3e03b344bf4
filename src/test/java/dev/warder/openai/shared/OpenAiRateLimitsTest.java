package dev.warder.openai.shared;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

import dev.warder.http.Field;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class OpenAiRateLimitsTest {
    private static final Instant NOW = Instant.parse("2026-11-21T00:00:00Z");
    private static final String PREFIX = "anthropic-ratelimit-";

    @Test
    void tellsTheUpstreamsLimitsAsOpenAiDoes() {
        assertThat(fields(Map.of(
                        "request-id",
                        "req_1",
                        "retry-after",
                        "7",
                        PREFIX + "requests-limit",
                        "50",
                        PREFIX + "requests-remaining",
                        "49",
                        PREFIX + "requests-reset",
                        "2026-11-21T00:06:00Z",
                        PREFIX + "tokens-limit",
                        "30000",
                        PREFIX + "tokens-remaining",
                        "0",
                        PREFIX + "tokens-reset",
                        "2026-11-21T00:00:01Z")))
                .containsOnly(
                        entry("x-request-id", "req_1"),
                        entry("x-ratelimit-limit-requests", "50"),
                        entry("x-ratelimit-remaining-requests", "49"),
                        entry("x-ratelimit-reset-requests", "6m0s"),
                        entry("x-ratelimit-limit-tokens", "30000"),
                        entry("x-ratelimit-remaining-tokens", "0"),
                        entry("x-ratelimit-reset-tokens", "1s"));
    }

    @Test
    void tellsTheLimitOfWhatGoesInWhereThereIsNoneOfAll() {
        assertThat(fields(Map.of(PREFIX + "input-tokens-limit", "9")))
                .containsOnly(entry("x-ratelimit-limit-tokens", "9"));
    }

    @ParameterizedTest
    @CsvSource({
        "2026-11-20T23:00:00Z, 0s",
        "2026-11-21T00:00:00Z, 0s",
        "2026-11-21T00:00:00.2Z, 1s",
        "2026-11-21T00:00:59Z, 59s",
        "2026-11-21T00:01:05Z, 1m5s",
        "2026-11-21T03:00:07Z, 3h0m7s",
        "2026-11-23T00:00:00Z, 48h0m0s"
    })
    void tellsAResetAsADuration(String reset, String expected) {
        assertThat(fields(Map.of(PREFIX + "requests-limit", "1", PREFIX + "requests-reset", reset)))
                .containsEntry("x-ratelimit-reset-requests", expected);
    }

    @Test
    void addsNothingThatCannotBeRead() {
        assertThat(fields(Map.of(
                        PREFIX + "requests-limit",
                        "many",
                        PREFIX + "requests-reset",
                        "soon",
                        PREFIX + "tokens-limit",
                        "")))
                .isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "2026-11-21T00:06:00+00:00, 6m0s",
        "2026-11-21T01:06:00+01:00, 6m0s",
        "2026-11-21t00:06:00z, 6m0s",
        "' 2026-11-21T00:06:00Z ', 6m0s",
        "-1000000000-01-01T00:00:00Z, 0s"
    })
    void readsAResetInEveryFormOfRfc3339(String reset, String expected) {
        assertThat(fields(Map.of(PREFIX + "requests-reset", reset)))
                .containsOnly(entry("x-ratelimit-reset-requests", expected));
    }

    @ParameterizedTest
    @ValueSource(strings = {"-1", "1.5", "1e3", "0x10", "5 0", "\u0661", "unlimited", "1,000", "5;w=60"})
    void addsNoNumberThatIsNone(String number) {
        assertThat(fields(Map.of(PREFIX + "requests-limit", number, PREFIX + "requests-remaining", number)))
                .isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"1763683560", "60", "6m0s", "Sat, 21 Nov 2026 00:06:00 GMT", "2026-11-21", "2026-13-41T00:00:00Z"
            })
    void addsNoResetThatIsNone(String reset) {
        assertThat(fields(Map.of(PREFIX + "tokens-remaining", "1", PREFIX + "tokens-reset", reset)))
                .containsOnly(entry("x-ratelimit-remaining-tokens", "1"));
    }

    @Test
    void passesOverALimitThatCannotBeReadForTheNextOne() {
        assertThat(fields(Map.of(PREFIX + "tokens-limit", "", PREFIX + "input-tokens-limit", "9")))
                .containsOnly(entry("x-ratelimit-limit-tokens", "9"));
    }

    @Test
    void addsNoIdThatIsEmpty() {
        assertThat(fields(Map.of("request-id", " "))).isEmpty();
    }

    private static Map<String, String> fields(Map<String, String> upstreams) {
        var limits = new OpenAiRateLimits(name -> Optional.ofNullable(upstreams.get(name)), NOW);
        return limits.fields().stream().collect(Collectors.toMap(Field::name, Field::value));
    }
}
