package dev.warder.usage;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warder.usage.UsageCounts.Kind;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The choice of a price, and the shipped rows of {@code prices.json} compared with the list prices. */
class PriceBookTest {
    private static final String EARLY = "2026-01-01";
    private final PriceBook book = PriceBook.shipped();

    @ParameterizedTest
    @CsvSource({
        "claude-haiku-4-5-20251001, claude-haiku-4-5",
        "claude-opus-4-5@20251101,  claude-opus-4-5",
        "claude-sonnet-4-5-latest,  claude-sonnet-4-5",
        "claude-opus-5-5[1m],       claude-opus-5-5",
        "claude-haiku-4-5-20251001[1m], claude-haiku-4-5",
    })
    void findsTheRowOfANameWithADateOrASuffix(String name, String row) {
        PriceBook.Quote quote = PriceBook.shipped().quote(Rows.asked(name), 0);
        assertThat(quote.assumed()).isFalse();
        assertThat(quote.row().model()).isEqualTo(row);
    }

    @ParameterizedTest
    @CsvSource({
        "claude-opus-6,             opus,   5",
        "claude-opus-5-6,           opus,   5",
        "claude-opus-latest,        opus,   5",
        "us.anthropic.claude-opus-9-v1:0, opus, 5",
        "claude-3-5-sonnet-20241022, sonnet, 3",
        "claude-haiku-6,            haiku,  1",
        "claude-mythos-6,           mythos, 10",
    })
    void assumesTheDearestRowOfTheFamilyForAnUnknownModel(String name, String family, String input) {
        PriceBook.Quote quote = PriceBook.shipped().quote(Rows.asked(name), 0);
        assertThat(quote.assumed()).isTrue();
        assertThat(quote.row().model()).contains(family);
        assertThat(quote.row().price(Kind.INPUT)).isEqualTo(input);
        assertThat(quote.row().tier()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"gpt-4o", "claude-nova-9", "''", "claude", "*"})
    void assumesTheDearestRowOfAllForAnUnknownFamily(String name) {
        PriceBook.Quote quote = PriceBook.shipped().quote(Rows.asked(name), 0);
        assertThat(quote.assumed()).isTrue();
        assertThat(quote.row().price(Kind.INPUT)).isEqualTo("10");
        assertThat(quote.row().price(Kind.CACHE_READ)).isEqualTo("1");
    }

    @Test
    void assumesARowForTheSameConditionsIfTheFamilyHasOne() {
        var batch = new PriceBook.Conditions("claude-opus-6", Tier.BATCH, Speed.STANDARD, Optional.of("us"), Rows.NOW);
        // Half of 5, and a tenth more.
        assertThat(PriceBook.shipped().quote(batch, 0).row().price(Kind.INPUT)).isEqualTo("2.75");
        var fast = new PriceBook.Conditions("claude-opus-4-8", Tier.STANDARD, Speed.FAST, Optional.empty(), Rows.NOW);
        PriceBook.Quote quote = PriceBook.shipped().quote(fast, 0);
        assertThat(quote.assumed()).isTrue();
        assertThat(quote.row().price(Kind.INPUT)).isEqualTo("10");
    }

    @Test
    void assumesTheDearestRowOfTheFamilyIfNoneIsForTheConditions() throws Exception {
        var book = Rows.book(
                Rows.row("claude-nova-1", EARLY, 0, "standard", "standard", "*", "30"),
                Rows.row("claude-nova-1", "2027-01-01", 0, "standard", "standard", "*", "40"));
        var batch = new PriceBook.Conditions("claude-nova-1", Tier.BATCH, Speed.STANDARD, Optional.empty(), Rows.NOW);
        PriceBook.Quote quote = book.quote(batch, 0);
        assertThat(quote.assumed()).isTrue();
        assertThat(quote.row().price(Kind.INPUT)).isEqualTo("30");
    }

    @Test
    void assumesTheOperatorsPriceOfAModelAndNotTheListPrice() throws Exception {
        var names = List.of("5", "4-5", "4-6", "4-7", "4-8");
        var book = Rows.book(names.stream()
                .map(version -> Rows.row("claude-opus-" + version, EARLY, 0, "3"))
                .toArray(String[]::new));
        // The dearest one left is Opus 5.5.
        assertThat(book.quote(Rows.asked("claude-opus-6"), 0).row().price(Kind.INPUT))
                .isEqualTo("4");
    }

    @Test
    void assumesNoRowThatANewerOneHasReplaced() throws Exception {
        var book = Rows.book(
                Rows.row("claude-opus-7", EARLY, 0, "900"),
                Rows.row("claude-opus-7", "2026-11-01", 0, "7"),
                Rows.row("claude-opus-8", "2027-01-01", 0, "800"));
        var before = Rows.asked("claude-opus-6", Instant.parse("2026-10-31T23:59:59Z"));
        assertThat(book.quote(before, 0).row().price(Kind.INPUT)).isEqualTo("900");
        assertThat(book.quote(Rows.asked("claude-opus-6"), 0).row().price(Kind.INPUT))
                .isEqualTo("7");
    }

    @Test
    void hasPricesForAMomentBeforeAllRows() {
        PriceBook.Quote quote = PriceBook.shipped().quote(Rows.asked("claude-opus-5-5", Instant.EPOCH), 0);
        assertThat(quote.assumed()).isTrue();
    }

    @Test
    void takesTheOperatorsRowsFirst() throws Exception {
        var book = Rows.book(Rows.row("claude-opus*", EARLY, 0, "3"));
        assertThat(book.quote(Rows.asked("claude-opus-5-5"), 0))
                .satisfies(quote -> assertThat(quote.assumed()).isFalse())
                .satisfies(quote -> assertThat(quote.row().source()).isEqualTo("contract"));
        var earlier = Rows.asked("claude-opus-5-5", Instant.parse("2025-12-31T23:59:59Z"));
        assertThat(book.quote(earlier, 0).row().price(Kind.INPUT)).isEqualTo("4");
        assertThat(book.quote(Rows.asked("claude-haiku-4-5"), 0).row().price(Kind.INPUT))
                .isEqualTo("1");
    }

    @Test
    void takesTheMostPrecisePatternThenTheNewestRow() throws Exception {
        var book = Rows.book(
                Rows.row("claude-x*", "2026-11-02", 0, "1"),
                Rows.row("claude-x-long*", EARLY, 0, "2"),
                Rows.row("claude-x-long-7", EARLY, 0, "3"),
                Rows.row("claude-x-long-7", "2026-11-01", 0, "4"),
                Rows.row("claude-x-long-7", "2026-12-01", 0, "5"));
        assertThat(List.of("claude-x", "claude-x-long", "claude-x-long-7"))
                .extracting(name ->
                        book.quote(Rows.asked(name), 0).row().price(Kind.INPUT).intValue())
                .containsExactly(1, 2, 4);
        var october = Rows.asked("claude-x-long-7", Instant.parse("2026-10-15T00:00:00Z"));
        assertThat(book.quote(october, 0).row().price(Kind.INPUT)).isEqualTo("3");
    }

    @Test
    void takesTheRowThatNamesTheTierTheSpeedAndThePlace() throws Exception {
        var book = Rows.book(
                Rows.row("m", "2026-11-01", 0, "*", "*", "*", "1"),
                Rows.row("m", EARLY, 0, "batch", "*", "*", "2"),
                Rows.row("m", EARLY, 0, "*", "fast", "*", "3"),
                Rows.row("m", EARLY, 0, "*", "*", "us", "4"));
        assertThat(input(book, Tier.PRIORITY, Speed.STANDARD, "global")).isEqualTo(1);
        assertThat(input(book, Tier.BATCH, Speed.FAST, "us")).isEqualTo(2);
        assertThat(input(book, Tier.STANDARD, Speed.FAST, "us")).isEqualTo(3);
        assertThat(input(book, Tier.STANDARD, Speed.STANDARD, "us")).isEqualTo(4);
    }

    @Test
    void listsTheBandsOfAModel() {
        assertThat(PriceBook.shipped().bands(Rows.asked("claude-haiku-5-5")))
                .extracting(quote -> quote.row().minPrompt())
                .containsExactly(0L, 100_001L);
        assertThat(PriceBook.shipped().bands(Rows.asked("claude-opus-5-5"))).hasSize(1);
        assertThat(PriceBook.shipped().bands(Rows.asked("nothing"))).hasSize(1);
    }

    @Test
    void hasTheSameVersionForTheSameRowsOnly() throws Exception {
        var row = Rows.row("m", EARLY, 0, "1");
        assertThat(Rows.book(row).version()).isEqualTo(Rows.book(row).version()).matches("[0-9a-f]{12}");
        assertThat(List.of(
                        PriceBook.shipped().version(),
                        Rows.book(row).version(),
                        Rows.book(Rows.row("m", EARLY, 0, "2")).version()))
                .doesNotHaveDuplicates();
    }

    private static int input(PriceBook book, Tier tier, Speed speed, String geo) {
        var conditions = new PriceBook.Conditions("m", tier, speed, Optional.of(geo), Rows.NOW);
        return book.quote(conditions, 0).row().price(Kind.INPUT).intValueExact();
    }

    @ParameterizedTest
    @CsvSource({
        "claude-opus-5-5,   4,   20,  5,     8,   0.2",
        "claude-sonnet-5-5, 2,   10,  2.5,   4,   0.1",
        "claude-fable-5-1,  10,  50,  12.5,  20,  0.25",
        "claude-mythos-5-1, 10,  50,  12.5,  20,  0.25",
        "claude-fable-5,    10,  50,  12.5,  20,  1",
        "claude-mythos-5,   10,  50,  12.5,  20,  1",
        "claude-opus-5,     5,   25,  6.25,  10,  0.5",
        "claude-opus-4-8,   5,   25,  6.25,  10,  0.5",
        "claude-opus-4-7,   5,   25,  6.25,  10,  0.5",
        "claude-opus-4-6,   5,   25,  6.25,  10,  0.5",
        "claude-opus-4-5,   5,   25,  6.25,  10,  0.5",
        "claude-sonnet-5,   2,   10,  2.5,   4,   0.2",
        "claude-sonnet-4-6, 3,   15,  3.75,  6,   0.3",
        "claude-sonnet-4-5, 3,   15,  3.75,  6,   0.3",
        "claude-haiku-5-5,  0.1, 0.5, 0.125, 0.2, 0.01",
        "claude-haiku-4-5,  1,   5,   1.25,  2,   0.1",
    })
    void haveTheListPrices(
            String model,
            BigDecimal input,
            BigDecimal output,
            BigDecimal write5m,
            BigDecimal write1h,
            BigDecimal read) {
        PriceBook.Quote quote = book.quote(Rows.asked(model), 0);
        assertThat(quote.assumed()).isFalse();
        assertThat(quote.row().model()).isEqualTo(model);
        assertThat(quote.row().prices())
                .containsAllEntriesOf(Map.of(
                        Kind.INPUT, input,
                        Kind.OUTPUT, output,
                        Kind.CACHE_WRITE_5M, write5m,
                        Kind.CACHE_WRITE_1H, write1h,
                        Kind.CACHE_READ, read));
    }

    @Test
    void haveHalfThePriceForBatchesATenthMoreForTheUnitedStatesAndTheFactorsOfWrites() {
        int compared = 0;
        for (var row : PriceBook.shippedRows()) {
            assertThat(row.price(Kind.CACHE_WRITE_5M))
                    .as(row.scope())
                    .isEqualByComparingTo(times(row.price(Kind.INPUT), "1.25"));
            assertThat(row.price(Kind.CACHE_WRITE_1H))
                    .as(row.scope())
                    .isEqualByComparingTo(times(row.price(Kind.INPUT), "2"));
            if (row.tier().isPresent() || row.geo().isPresent()) {
                String factor = row.geo().isPresent() ? row.tier().isPresent() ? "0.55" : "1.1" : "0.5";
                var list = withoutTierAndGeo(row);
                for (var kind : Kind.values()) {
                    assertThat(row.price(kind))
                            .as(row.scope() + " " + kind)
                            .isEqualByComparingTo(
                                    kind.unit() == 1_000 ? list.price(kind) : times(list.price(kind), factor));
                }
                compared++;
            }
        }
        assertThat(compared).isEqualTo(56);
    }

    /** No published price was found: the dearest of the family count, and costs say so. */
    @ParameterizedTest
    @CsvSource({"claude-fable-5-2, claude-fable-5", "claude-mythos-5-2[1m], claude-mythos-5"})
    void areAssumedForModelsWithoutAPublishedPrice(String model, String dearest) {
        for (var tier : List.of(Tier.STANDARD, Tier.BATCH)) {
            for (var geo : List.of("us", "eu")) {
                var quote = book.quote(asked(model, tier, geo), 0);
                assertThat(quote.assumed()).isTrue();
                assertThat(quote.row().model()).isEqualTo(model.replace("[1m]", ""));
                assertThat(quote.row().prices())
                        .isEqualTo(
                                book.quote(asked(dearest, tier, geo), 0).row().prices());
            }
        }
    }

    private static PriceBook.Conditions asked(String model, Tier tier, String geo) {
        var usual = Rows.asked(model);
        return new PriceBook.Conditions(model, tier, usual.speed(), Optional.of(geo), usual.admitted());
    }

    @Test
    void stateWhereEachComesFrom() {
        assertThat(PriceBook.shippedRows()).hasSize(78).allSatisfy(row -> assertThat(row.source())
                .containsPattern("\\.(com|ai|rs)/"));
    }

    @Test
    void changeTheReadsOfSonnet55OnTheSeventhOfOctober2026() {
        var before = Rows.asked("claude-sonnet-5-5", Instant.parse("2026-10-06T23:59:59.999Z"));
        var after = Rows.asked("claude-sonnet-5-5", Instant.parse("2026-10-07T00:00:00Z"));
        assertThat(book.quote(before, 0).row().price(Kind.CACHE_READ)).isEqualTo("0.2");
        assertThat(book.quote(after, 0).row().price(Kind.CACHE_READ)).isEqualTo("0.1");
        assertThat(book.quote(before, 0).row().price(Kind.INPUT)).isEqualTo("2");
    }

    private static BigDecimal times(BigDecimal price, String factor) {
        return price.multiply(new BigDecimal(factor));
    }

    /** The row for the same model, moment and length of the prompt in any tier and place. */
    private static PriceRow withoutTierAndGeo(PriceRow row) {
        return PriceBook.shippedRows().stream()
                .filter(each -> each.model().equals(row.model())
                        && each.from().equals(row.from())
                        && each.minPrompt() == row.minPrompt()
                        && each.speed().equals(row.speed())
                        && each.tier().isEmpty()
                        && each.geo().isEmpty())
                .findFirst()
                .orElseThrow();
    }
}
