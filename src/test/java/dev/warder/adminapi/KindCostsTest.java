package dev.warder.adminapi;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warder.json.JsonTree;
import dev.warder.ledger.DatabaseGroups;
import dev.warder.ledger.DatabaseGroups.Group;
import dev.warder.usage.PriceBook;
import dev.warder.usage.UsageCounts;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class KindCostsTest {
    private static final Instant DAY = Instant.parse("2026-11-01T00:00:00Z");
    private static final PriceBook BOOK = PriceBook.shipped();

    /** 1 dollar for a million tokens of input, and 5 of output. */
    private static final String HAIKU = "claude-haiku-4-5";

    private static Group group(String model, DatabaseGroups.Sums sums) {
        return new Group(DAY, List.of("", "blue", model, "standard", "standard", "", "short"), sums);
    }

    @Test
    void followsThePrices() {
        var sums = new DatabaseGroups.Sums(1000, 0, 0, 0, 1000, 0, new BigDecimal("0.006"));
        var shares = KindCosts.of(BOOK, group(HAIKU, sums));
        assertThat(shares).containsOnlyKeys(UsageCounts.Kind.INPUT, UsageCounts.Kind.OUTPUT);
        assertThat(shares.get(UsageCounts.Kind.INPUT)).isEqualByComparingTo("0.001");
        assertThat(shares.get(UsageCounts.Kind.OUTPUT)).isEqualByComparingTo("0.005");
    }

    /** A factor of the credential, or a price that has changed. */
    @ParameterizedTest
    @CsvSource({"0.003", "1", "0.000000000000000000000000000001", "123456789.123456789123456789", "0"})
    void addsUpToWhatTheLedgerHas(String dollars) {
        for (String model : List.of(HAIKU, "no-such-model", "")) {
            var sums = new DatabaseGroups.Sums(7, 11, 13, 17, 19, 3, new BigDecimal(dollars));
            var shares = KindCosts.of(BOOK, group(model, sums));
            assertThat(shares).hasSize(6);
            assertThat(shares.values().stream().reduce(BigDecimal.ZERO, BigDecimal::add))
                    .isEqualByComparingTo(dollars);
        }
    }

    @Test
    void hasOneShareWhereNothingWasCounted() {
        var sums = new DatabaseGroups.Sums(0, 0, 0, 0, 0, 0, BigDecimal.ONE);
        assertThat(KindCosts.of(BOOK, group(HAIKU, sums))).containsOnlyKeys(UsageCounts.Kind.INPUT);
    }

    @Test
    void describesEachKind() throws Exception {
        var sums = new DatabaseGroups.Sums(1, 1, 1, 1, 1, 1, BigDecimal.ONE);
        var query = ReportQuery.ofCost("starting_at=2026-11-01T00:00:00Z&group_by[]=description");
        var rows = KindCosts.results(BOOK, query, group(HAIKU, sums));
        assertThat(rows.stream().map(row -> JsonTree.findText(row, "token_type").orElse("-")))
                .containsExactly(
                        "uncached_input_tokens",
                        "cache_creation.ephemeral_5m_input_tokens",
                        "cache_creation.ephemeral_1h_input_tokens",
                        "cache_read_input_tokens",
                        "output_tokens",
                        "-");
        assertThat(rows.get(0).toString().replace('"', '\''))
                .isEqualTo("{'currency':'USD','amount':'" + rows.get(0).getString("amount")
                        + "','workspace_id':null,'description':'" + HAIKU + ": input','cost_type':'tokens',"
                        + "'context_window':'0-200k','model':'" + HAIKU + "','service_tier':'standard',"
                        + "'token_type':'uncached_input_tokens','inference_geo':'not_available'}");
        assertThat(rows.get(5).getString("cost_type")).isEqualTo("web_search");
        assertThat(rows.get(5).isNull("model")).isTrue();
    }

    @ParameterizedTest
    @CsvSource({"0, 0", "0.00, 0", "1, 100", "0.0031, 0.31", "0.000000001, 0.0000001", "12345.6, 1234560", "100, 10000"
    })
    void writesCents(String dollars, String cents) {
        assertThat(KindCosts.cents(new BigDecimal(dollars))).isEqualTo(cents);
    }
}
