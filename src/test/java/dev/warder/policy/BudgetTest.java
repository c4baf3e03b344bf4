package dev.warder.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.warder.policy.Budget.OnExhausted;
import dev.warder.policy.Principal.Membership;
import java.time.Instant;
import java.time.ZoneId;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BudgetTest {
    private static final ZoneId UTC = ZoneId.of("UTC");
    private static final Budget.Terms DAY = terms(5, Period.DAY);

    @Test
    void hasAKeyOfScopeNameAndPeriod() {
        assertThat(new Budget(Budget.Scope.ORGANIZATION, "", DAY).key()).isEqualTo("organization/day");
        assertThat(new Budget(Budget.Scope.MODEL, "vendor/claude-*", DAY).key()).isEqualTo("model/vendor/claude-*/day");
    }

    @Test
    void keepsItsKeyWhenAmountZoneModeOrEndChange() {
        var changed = new Budget.Terms(6, Period.DAY, ZoneId.of("Asia/Tokyo"), Budget.Mode.SHADOW, OnExhausted.FINISH);
        assertThat(new Budget(Budget.Scope.TEAM, "blue", changed).key())
                .isEqualTo(new Budget(Budget.Scope.TEAM, "blue", DAY).key());
    }

    @Test
    void hasAnotherKeyForEachScopeNameAndPeriod() {
        var keys = new HashSet<String>();
        for (var scope : List.of(Budget.Scope.CLIENT, Budget.Scope.TEAM, Budget.Scope.TAG, Budget.Scope.MODEL)) {
            for (var name : List.of("a", "b")) {
                for (var period : Period.values()) {
                    keys.add(new Budget(scope, name, terms(1, period)).key());
                }
            }
        }
        assertThat(keys).hasSize(4 * 2 * 5);
    }

    @Test
    void chargesASessionOfAnotherClientWithTheSameIdElsewhere() {
        assertThat(Budget.ofSession("ada", "s-1", DAY).key()).isEqualTo("session/ada/s-1/day");
        assertThat(Budget.ofSession("bob", "s-1", DAY).key()).isEqualTo("session/bob/s-1/day");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a/b", "../x", "a b", "sha256:00", "\u00e4", "\u0000", "a\nb", "'; drop table x; --"})
    void hashesAnUnusualSessionId(String id) {
        assertThat(Budget.ofSession("ada", id, DAY).key()).matches("session/ada/sha256:[0-9a-f]{64}/day");
        assertThat(Budget.ofSession("ada", id, DAY)).isEqualTo(Budget.ofSession("ada", id, DAY));
        assertThat(Budget.ofSession("ada", id, DAY)).isNotEqualTo(Budget.ofSession("ada", id + "x", DAY));
    }

    @Test
    void hasNoKeyThatIsTooLongForADatabase() throws Exception {
        var terms = terms(5, Period.LIFETIME);
        String client = PolicySyntax.name("c".repeat(64));
        assertThat(Budget.ofSession(client, "s".repeat(10_000), terms).key())
                .hasSizeLessThanOrEqualTo(Budget.LONGEST_KEY);
        assertThat(Budget.ofSession(client, "s".repeat(64), terms).key()).hasSizeLessThanOrEqualTo(Budget.LONGEST_KEY);
        PolicySyntax.models("m".repeat(128));
        assertThat(new Budget(Budget.Scope.MODEL, "m".repeat(128), terms).key())
                .hasSizeLessThanOrEqualTo(Budget.LONGEST_KEY);
    }

    @Test
    void refusesAnAmountOutOfRange() {
        assertThatThrownBy(() -> terms(-1, Period.DAY)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> terms(Budget.Terms.MOST_NANOS + 1, Period.DAY))
                .isInstanceOf(IllegalArgumentException.class);
        assertThat(Math.multiplyExact(9, Budget.Terms.MOST_NANOS)).isPositive();
    }

    @Test
    void refusesANameForTheOrganizationAndNoneForOthers() {
        assertThatThrownBy(() -> new Budget(Budget.Scope.ORGANIZATION, "x", DAY))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new Budget(Budget.Scope.TEAM, "", DAY)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void hasTheWindowOfItsPeriodInItsZone() {
        var terms = new Budget.Terms(5, Period.DAY, ZoneId.of("Asia/Tokyo"), Budget.Mode.ENFORCE, OnExhausted.CUT);
        assertThat(terms.windowAt(Instant.parse("2026-06-01T15:00:00Z")))
                .isEqualTo(new Period.Window(
                        Instant.parse("2026-06-01T15:00:00Z"), Optional.of(Instant.parse("2026-06-02T15:00:00Z"))));
    }

    @Test
    void refusesTeamsOfWhichNonePays() {
        var team = new Policy.Team(
                "blue",
                Optional.empty(),
                new Access(List.of(), List.of()),
                new Principal.BudgetList(List.of(), false),
                RateLimits.NONE);
        assertThatThrownBy(() -> new Membership(List.of(team), Optional.empty()))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new Membership(List.of(), Optional.of(team)))
                .isInstanceOf(IllegalArgumentException.class);
    }

    private static Budget.Terms terms(long nanos, Period period) {
        return new Budget.Terms(nanos, period, UTC, Budget.Mode.ENFORCE, OnExhausted.CUT);
    }
}
