package dev.warder.usage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.warder.usage.UsageCost.Basis;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class UsageRowTest {
    private static final Optional<String> NO = Optional.empty();

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
                        new PriceConditions("claude-opus-5-5", Tier.STANDARD, Speed.STANDARD, NO, Instant.EPOCH),
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
        assertThat(UsageRow.Models.UNKNOWN.priced()).isEmpty();
    }
}
