package dev.warder.usage;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warder.usage.PriceRow.TokenPrices;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The rows of {@code prices.json}, compared with the list prices and with each other. */
class ShippedPricesTest {
    private final PriceBook book = PriceBook.shipped();

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
        PriceQuote quote = book.quote(Rows.asked(model), 0);
        assertThat(quote.assumed()).isFalse();
        assertThat(quote.row().model()).isEqualTo(model);
        assertThat(quote.row().prices()).isEqualTo(new TokenPrices(input, output, write5m, write1h, read));
    }

    @ParameterizedTest
    @CsvSource({
        "claude-fable-5-1,  0.025",
        "claude-mythos-5-1, 0.025",
        "claude-opus-5-5,   0.05",
        "claude-sonnet-5-5, 0.05",
        "claude-opus-5,     0.1",
        "claude-haiku-5-5,  0.1",
        "claude-haiku-4-5,  0.1",
    })
    void haveTheReadFactorOfTheModel(String model, BigDecimal factor) {
        var prices = book.quote(Rows.asked(model), 0).row().prices();
        assertThat(prices.read()).isEqualByComparingTo(prices.input().multiply(factor));
    }

    @Test
    void haveHalfThePriceForBatchesATenthMoreForTheUnitedStatesAndTheFactorsOfWrites() {
        int compared = 0;
        for (var row : PriceBook.shippedRows()) {
            var prices = row.prices();
            assertThat(prices.write5m()).as(row.scope()).isEqualByComparingTo(times(prices.input(), "1.25"));
            assertThat(prices.write1h()).as(row.scope()).isEqualByComparingTo(times(prices.input(), "2"));
            if (row.tier().isPresent() || row.geo().isPresent()) {
                String factor = row.geo().isPresent() ? row.tier().isPresent() ? "0.55" : "1.1" : "0.5";
                var list = withoutTierAndGeo(row);
                for (var kind : UsageKind.values()) {
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

    private static PriceConditions asked(String model, Tier tier, String geo) {
        var usual = Rows.asked(model);
        return new PriceConditions(model, tier, usual.speed(), Optional.of(geo), usual.admitted());
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
        assertThat(book.quote(before, 0).row().prices().read()).isEqualTo("0.2");
        assertThat(book.quote(after, 0).row().prices().read()).isEqualTo("0.1");
        assertThat(book.quote(before, 0).row().prices().input()).isEqualTo("2");
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
