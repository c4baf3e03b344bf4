package dev.warder.adminapi;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warder.adminapi.CostReportDocument.Result;
import dev.warder.adminapi.Resource.CostReportQuery;
import dev.warder.ledger.DatabaseGroups.Group;
import dev.warder.ledger.store.GroupSums;
import dev.warder.usage.PriceBook;
import dev.warder.usage.UsageKind;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class KindCostsTest {
    private static final Instant DAY = Instant.parse("2026-11-01T00:00:00Z");
    private static final PriceBook BOOK = PriceBook.shipped();

    /** 1 dollar for a million tokens of input, and 5 of output. */
    private static final String HAIKU = "claude-haiku-4-5";

    private static Group group(String model, GroupSums sums) {
        return new Group(DAY, List.of("", "blue", model, "standard", "standard", "", "short"), sums);
    }

    @Test
    void followsThePrices() {
        var sums = new GroupSums(1000, 0, 0, 0, 1000, 0, new BigDecimal("0.006"));
        var shares = KindCosts.of(BOOK, group(HAIKU, sums));
        assertThat(shares).containsOnlyKeys(UsageKind.INPUT, UsageKind.OUTPUT);
        assertThat(shares.get(UsageKind.INPUT)).isEqualByComparingTo("0.001");
        assertThat(shares.get(UsageKind.OUTPUT)).isEqualByComparingTo("0.005");
    }

    /** A factor of the credential, or a price that has changed. */
    @ParameterizedTest
    @CsvSource({"0.003", "1", "0.000000000000000000000000000001", "123456789.123456789123456789", "0"})
    void addsUpToWhatTheLedgerHas(String dollars) {
        for (String model : List.of(HAIKU, "no-such-model", "")) {
            var sums = new GroupSums(7, 11, 13, 17, 19, 3, new BigDecimal(dollars));
            var shares = KindCosts.of(BOOK, group(model, sums));
            assertThat(shares).hasSize(6);
            assertThat(shares.values().stream().reduce(BigDecimal.ZERO, BigDecimal::add))
                    .isEqualByComparingTo(dollars);
        }
    }

    @Test
    void hasOneShareWhereNothingWasCounted() {
        var sums = new GroupSums(0, 0, 0, 0, 0, 0, BigDecimal.ONE);
        assertThat(KindCosts.of(BOOK, group(HAIKU, sums))).containsOnlyKeys(UsageKind.INPUT);
    }

    @Test
    void describesEachKind() {
        var sums = new GroupSums(1, 1, 1, 1, 1, 1, BigDecimal.ONE);
        var query = CostReportQuery.DESCRIPTION;
        var rows = CostRows.of(BOOK, query, group(HAIKU, sums));
        assertThat(rows.stream().map(row -> row.kind().orElse("-")))
                .containsExactly(
                        "uncached_input_tokens",
                        "cache_creation.ephemeral_5m_input_tokens",
                        "cache_creation.ephemeral_1h_input_tokens",
                        "cache_read_input_tokens",
                        "output_tokens",
                        "-");
        assertThat(rows.get(0))
                .isEqualTo(new Result(
                        "USD",
                        rows.get(0).amount(),
                        Optional.empty(),
                        Optional.of(HAIKU + ": input"),
                        Optional.of("tokens"),
                        Optional.of("0-200k"),
                        Optional.of(HAIKU),
                        Optional.of("standard"),
                        Optional.of("uncached_input_tokens"),
                        Optional.of("not_available")));
        assertThat(rows.get(5).type()).contains("web_search");
        assertThat(rows.get(5).model()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"0, 0", "0.00, 0", "1, 100", "0.0031, 0.31", "0.000000001, 0.0000001", "12345.6, 1234560", "100, 10000"
    })
    void writesCents(String dollars, String cents) {
        assertThat(CostRows.cents(new BigDecimal(dollars))).isEqualTo(cents);
    }
}
