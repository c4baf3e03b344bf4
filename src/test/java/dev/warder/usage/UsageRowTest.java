package dev.warder.usage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.warder.usage.UsageCounts.CacheWrites;
import dev.warder.usage.UsageRow.Basis;
import dev.warder.usage.UsageRow.UsageCost;
import java.math.BigDecimal;
import java.net.URL;
import java.net.URLClassLoader;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The rows of usage, their ids and counts. */
class UsageRowTest {
    private static final Optional<String> NO = Optional.empty();
    private static final Instant NOW = Instant.parse("2026-10-07T12:00:00.123Z");

    @Test
    void refusesANegativePartAndNegativeAmounts() {
        assertThatIllegalArgumentException().isThrownBy(() -> new UsageRow.Key(new UUID(0, 0), -1));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new UsageCost("v", BigDecimal.ZERO, -1, false, true, Basis.REPORTED));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new UsageCost("v", new BigDecimal("-0.1"), 0, false, true, Basis.REPORTED));
    }

    @Test
    void roundsUpOnceForTheRow() {
        var cost = PriceBook.shipped()
                .cost(
                        new PriceBook.Conditions("claude-opus-5-5", Tier.STANDARD, Speed.STANDARD, NO, Instant.EPOCH),
                        new UsageCounts(1, CacheWrites.NONE, 0, 1, 0, 0, 0),
                        new BigDecimal("0.333333"));
        var row = UsageCost.of("v", cost, true, Basis.REPORTED);
        assertThat(row.nanos()).isEqualTo(cost.nanos());
        assertThat(new BigDecimal(row.nanos()).movePointLeft(9).subtract(row.dollars()))
                .isBetween(BigDecimal.ZERO, new BigDecimal("0.000000001"));
        assertThat(row.dollars().stripTrailingZeros().scale()).isGreaterThan(9);
    }

    @Test
    void theMostReliableNameOfTheModelHasThePrice() {
        assertThat(new UsageRow.Models(Optional.of("alias"), Optional.of("sent"), Optional.of("answered")).priced())
                .hasValue("answered");
        assertThat(new UsageRow.Models(Optional.of("alias"), Optional.of("sent"), NO).priced())
                .hasValue("sent");
        assertThat(new UsageRow.Models(Optional.of("alias"), NO, NO).priced()).hasValue("alias");
        assertThat(new UsageRow.Models(NO, NO, NO).priced()).isEmpty();
    }

    /** Each class loader initializes the classes again. */
    @ParameterizedTest
    @ValueSource(strings = {"UsageCounts$CacheWrites", "UsageCounts"})
    void hasItsConstantWhicheverClassIsInitializedFirst(String first) throws Exception {
        var classes = new URL[] {
            UsageCounts.class.getProtectionDomain().getCodeSource().getLocation()
        };
        try (var loader = new URLClassLoader(classes, null)) {
            Class.forName("dev.warder.usage." + first, true, loader);
            var counts = Class.forName("dev.warder.usage.UsageCounts", true, loader);
            assertThat(counts.getField("NONE").get(null))
                    .asString()
                    .contains("input=0", "writes=CacheWrites[fiveMinutes=0, oneHour=0]");
        }
    }

    @Test
    void isOfVersion7AndHasTheTime() {
        UUID id = new TryIds(InstantSource.fixed(NOW), new Random(1)).next();
        assertThat(id.version()).isEqualTo(7);
        assertThat(id.variant()).isEqualTo(2);
        assertThat(id.getMostSignificantBits() >>> 16).isEqualTo(NOW.toEpochMilli());
    }

    @Test
    void laterIdsCompareAsLarger() {
        var millis = new AtomicLong(NOW.toEpochMilli());
        var ids = new TryIds(() -> Instant.ofEpochMilli(millis.getAndIncrement()), new Random(1));
        String before = ids.next().toString();
        for (int i = 0; i < 1_000; i++) {
            String next = ids.next().toString();
            assertThat(next).isGreaterThan(before);
            before = next;
        }
    }

    @ParameterizedTest
    @CsvSource({
        "-5, false, 0",
        "0, false, 0",
        "4000000, false, 1",
        "1000000000, false, 250",
        "1000000000, true, 500",
        "3600000000000, false, 900000"
    })
    void boundsWhatAModelHasGenerated(long nanos, boolean fast, long tokens) {
        assertThat(OutputRate.DEFAULT.tokens(nanos, fast)).isEqualTo(tokens);
    }
}
