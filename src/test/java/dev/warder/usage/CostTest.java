package dev.warder.usage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.warder.usage.UsageCounts.CacheWrites;
import java.math.BigDecimal;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Costs, and the usage traps that concern prices. All amounts are worked out by hand: at a price of P USD per million, one
 * token costs P × 1,000 nano-dollars.
 */
class CostTest {
    private static final PriceBook BOOK = PriceBook.shipped();

    /**
     * Haiku 5.5: a prompt of up to 100,000 tokens has 0.10 and 0.50 USD, a longer one 0.50 and 2.50 for all tokens. So
     * 100,000 × 100 + 1,000 × 500 = 10,500,000, and 100,001 × 500 + 1,000 × 2,500 = 52,500,500.
     */
    @ParameterizedTest
    @CsvSource({
        "100000, 0,     0,     0,     10500000",
        "100001, 0,     0,     0,     52500500",
        // 99,999 × 100 + 1 read × 10 + 500,000
        "99999,  0,     0,     1,     10499910",
        // 40,000 × 500 + 20,000 × 625 + 20,000 × 1,000 + 20,001 × 50 + 1,000 × 2,500
        "40000,  20000, 20000, 20001, 56000050",
        // 40,000 × 100 + 20,000 × 125 + 20,000 × 200 + 20,000 × 10 + 1,000 × 500
        "40000,  20000, 20000, 20000, 11200000",
    })
    void thePromptWithReadsAndWritesSelectsTheBandOfAllTokens(
            long input, long write5m, long write1h, long read, long nanos) {
        var counts = new UsageCounts(input, new CacheWrites(write5m, write1h), read, 1_000, 0, 0, 0);
        assertThat(cost("claude-haiku-5-5", counts).nanos()).isEqualTo(nanos);
    }

    /** Trap 3, Opus 5.5: a write for 5 minutes costs 5,000 nano-dollars, one for an hour 8,000. */
    @ParameterizedTest(name = "sum {0}, 5 min {1}, 1 h {2}")
    @CsvSource({
        // Without a split all are for 5 minutes.
        "300, ,    ,    300, 0,   1500000",
        // With both, the sum is not added: 100 × 5,000 + 200 × 8,000.
        "300, 100, 200, 100, 200, 2100000",
        // The sum grew after the split was reported: (100 + 60) × 5,000 + 200 × 8,000.
        "360, 100, 200, 160, 200, 2400000",
        // The sum shrank: 150 in all, none of them for 5 minutes.
        "150, 100, 200, 0,   150, 1200000",
        "   , 100, 200, 100, 200, 2100000",
        "   , ,    ,    0,   0,   0",
        "300, ,    200, 100, 200, 2100000",
    })
    void cacheCreationWithoutSplitIsFiveMinutesAndSumAndPartsAreNeverAdded(
            @Nullable Long sum,
            @Nullable Long fiveMinutes,
            @Nullable Long oneHour,
            long write5m,
            long write1h,
            long nanos) {
        var writes = CacheWrites.of(optional(sum), optional(fiveMinutes), optional(oneHour));
        assertThat(writes).isEqualTo(new CacheWrites(write5m, write1h));
        assertThat(cost("claude-opus-5-5", new UsageCounts(0, writes, 0, 0, 0, 0, 0))
                        .nanos())
                .isEqualTo(nanos);
    }

    /** Trap 5, Opus 5.5: 1,000 tokens of output at 20 USD cost 20,000,000 nano-dollars. */
    @ParameterizedTest
    @ValueSource(longs = {0, 1, 999, 1_000})
    void thinkingIsInsideTheOutputAndCostsNothingMore(long thinking) {
        var counts = new UsageCounts(0, CacheWrites.NONE, 0, 1_000, thinking, 0, 0);
        assertThat(cost("claude-opus-5-5", counts).nanos()).isEqualTo(20_000_000);
    }

    /** Trap 6, Opus 5.5: 1,000 tokens of input and 500 of output, 1,000 × 4,000 + 500 × 20,000 = 14,000,000. */
    @ParameterizedTest
    @CsvSource({
        "STANDARD, STANDARD, global,        14000000",
        "PRIORITY, STANDARD, global,        14000000",
        "STANDARD, STANDARD, not_available, 14000000",
        // 0.5 of it, 1.1 of it, and both
        "BATCH,    STANDARD, global,        7000000",
        "STANDARD, STANDARD, us,            15400000",
        "BATCH,    STANDARD, us,            7700000",
        // 1,000 × 8,000 + 500 × 40,000, and 1.1 of that
        "STANDARD, FAST,     global,        28000000",
        "STANDARD, FAST,     us,            30800000",
    })
    void tierSpeedAndGeoChangeThePriceOfTheSameTokens(Tier tier, Speed speed, String geo, long nanos) {
        var conditions = new PriceBook.Conditions("claude-opus-5-5", tier, speed, Optional.of(geo), Rows.NOW);
        var cost = BOOK.cost(conditions, tokens(1_000, 500), BigDecimal.ONE);
        assertThat(cost.nanos()).isEqualTo(nanos);
        assertThat(cost.quote().assumed()).isFalse();
    }

    /** Trap 7: 10 USD per 1,000 searches are 10,000,000 nano-dollars each; fetches are free. */
    @ParameterizedTest
    @CsvSource({"0, 0, 0", "1, 0, 10000000", "3, 7, 30000000", "0, 7, 0", "1000, 0, 10000000000"})
    void webSearchesCostTenDollarsPerThousandAndFetchesNothing(long searches, long fetches, long nanos) {
        var counts = new UsageCounts(0, CacheWrites.NONE, 0, 0, 0, searches, fetches);
        assertThat(cost("claude-opus-5-5", counts).nanos()).isEqualTo(nanos);
        var batch =
                new PriceBook.Conditions("claude-opus-5-5", Tier.BATCH, Speed.STANDARD, Optional.of("us"), Rows.NOW);
        assertThat(BOOK.cost(batch, counts, BigDecimal.ONE).nanos()).isEqualTo(nanos);
    }

    /** Three terms of 1 token each at 10 × 0.33 = 3.3 nano-dollars are 9.9, not 3 × 4. */
    @Test
    void roundsUpOnceForAllTerms() throws Exception {
        var book = Rows.book(Rows.row("m", "2026-01-01", 0, "0.01"));
        var counts = new UsageCounts(1, CacheWrites.NONE, 1, 1, 0, 0, 0);
        var cost = book.cost(Rows.asked("m"), counts, new BigDecimal("0.33"));
        assertThat(cost.nanos()).isEqualTo(10);
        assertThat(cost.dollars()).isEqualByComparingTo("0.0000000099");
    }

    /** The smallest price and factor still cost something, and nothing costs nothing. */
    @Test
    void neverRoundsToNothing() throws Exception {
        var book = Rows.book(Rows.row("m", "2026-01-01", 0, "0.000000001"));
        assertThat(book.cost(Rows.asked("m"), tokens(1, 0), new BigDecimal("0.000000001"))
                        .nanos())
                .isEqualTo(1);
        assertThat(book.cost(Rows.asked("m"), UsageCounts.NONE, BigDecimal.ONE).nanos())
                .isZero();
        assertThat(book.cost(Rows.asked("m"), UsageCounts.NONE, BigDecimal.ONE).terms())
                .isEmpty();
    }

    /** 10^15 - 1 tokens at 999,999 USD would be 10^24 nano-dollars. */
    @Test
    void isTheLargestLongWhereItWouldBeMore() throws Exception {
        var book = Rows.book(Rows.row("m", "2026-01-01", 0, "999999"));
        var most = new CacheWrites(UsageCounts.MOST, UsageCounts.MOST);
        var counts = new UsageCounts(
                UsageCounts.MOST, most, UsageCounts.MOST, UsageCounts.MOST, 0, UsageCounts.MOST, UsageCounts.MOST);
        assertThat(counts.prompt()).isEqualTo(4 * UsageCounts.MOST);
        assertThat(book.cost(Rows.asked("m"), counts, new BigDecimal("999999")).nanos())
                .isEqualTo(Long.MAX_VALUE);
    }

    @Test
    void explainsEachTerm() {
        var counts = new UsageCounts(1_000, new CacheWrites(10, 20), 5_000, 500, 100, 2, 1);
        var cost = BOOK.cost(Rows.asked("claude-opus-5-5"), counts, new BigDecimal("0.76"));
        assertThat(cost.terms())
                .extracting(term ->
                        term.kind() + " " + term.count() + " × " + term.price().toPlainString() + " × "
                                + term.factor() + " = "
                                + term.nanos().stripTrailingZeros().toPlainString())
                .containsExactly(
                        "INPUT 1000 × 4 × 0.76 = 3040000",
                        "CACHE_WRITE_5M 10 × 5 × 0.76 = 38000",
                        "CACHE_WRITE_1H 20 × 8 × 0.76 = 121600",
                        "CACHE_READ 5000 × 0.2 × 0.76 = 760000",
                        "OUTPUT 500 × 20 × 0.76 = 7600000",
                        "WEB_SEARCH 2 × 10 × 0.76 = 15200000",
                        "WEB_FETCH 1 × 0 × 0.76 = 0");
        assertThat(cost.nanos()).isEqualTo(26_759_600);
    }

    @Test
    void refusesCountsThatNoMessageHas() {
        assertThatThrownBy(() -> tokens(-1, 0)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> tokens(0, UsageCounts.MOST + 1)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new CacheWrites(0, -1)).isInstanceOf(IllegalArgumentException.class);
    }

    private static Cost cost(String model, UsageCounts counts) {
        return BOOK.cost(Rows.asked(model), counts, BigDecimal.ONE);
    }

    private static UsageCounts tokens(long input, long output) {
        return new UsageCounts(input, CacheWrites.NONE, 0, output, 0, 0, 0);
    }

    private static OptionalLong optional(@Nullable Long count) {
        return count == null ? OptionalLong.empty() : OptionalLong.of(count);
    }
}
