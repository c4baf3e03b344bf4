package dev.warder.body;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warder.body.MemoryBudget.Claim;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Who is served next. */
class MemoryBudgetOrderTest {
    private static final long KIB = 1024;
    private static final long MIB = 1024 * KIB;

    private final MemoryBudget budget = new MemoryBudget(64 * MIB);
    private final List<String> granted = new ArrayList<>();

    private Claim claim(String client, long declared) {
        return budget.claim(new MemoryShare(client, 32 * MIB), declared);
    }

    private Claim request(String name, long bytes) {
        Claim claim = budget.claim(MemoryShare.UNLIMITED, bytes);
        grow(name, claim, bytes);
        return claim;
    }

    private void grow(String name, Claim claim, long bytes) {
        if (claim.grow(bytes, () -> granted.add(name))) {
            granted.add(name);
        }
    }

    @Test
    void servesTheOldestFirstWhoeverAsksFirst() {
        Claim old = budget.claim(MemoryShare.UNLIMITED, -1);
        Claim held = request("held", 60 * MIB);
        request("overdrawn", MIB);
        request("young", 30 * MIB);
        grow("old", old, 30 * MIB);
        request("youngest", MIB);
        assertThat(granted).containsExactly("held", "overdrawn");
        assertThat(budget.waiting()).isEqualTo(3);
        held.release();
        assertThat(granted).startsWith("held", "overdrawn", "old").hasSize(4);
    }

    @Test
    void letsTheOldestThatIsBlockedOverdrawAlone() {
        request("held", 60 * MIB);
        Claim first = request("first", 10 * MIB);
        Claim second = request("second", 10 * MIB);
        assertThat(granted).containsExactly("held", "first");
        grow("first again", first, 40 * MIB);
        assertThat(granted).containsExactly("held", "first", "first again");
        first.release();
        assertThat(granted).endsWith("second");
        assertThat(second.held()).isEqualTo(10 * MIB);
    }

    @Test
    void goesOnWithWhatIsOverdrawnThoughAnOlderOneWaits() {
        Claim oldest = request("oldest", 30 * MIB);
        request("held", 30 * MIB);
        Claim overdrawn = request("overdrawn", MIB);
        grow("oldest again", oldest, 40 * MIB);
        grow("overdrawn again", overdrawn, 2 * MIB);
        assertThat(granted).containsExactly("oldest", "held", "overdrawn", "overdrawn again");
        overdrawn.release();
        assertThat(granted).endsWith("oldest again");
    }

    @Test
    void letsSmallRequestsPassLargeOnes() {
        request("held", 60 * MIB);
        request("overdrawn", 30 * MIB);
        request("large", 30 * MIB);
        request("small", 256 * KIB);
        request("not small", 256 * KIB + 1);
        assertThat(granted).containsExactly("held", "overdrawn", "small");
    }

    @Test
    void keepsAShareForSmallRequestsWhenLargeOnesFillIt() {
        for (int i = 0; i < 9; i++) {
            request("large", 8 * MIB);
        }
        assertThat(budget.used()).isEqualTo(64 * MIB);
        for (int i = 0; i < 16; i++) {
            request("small", 256 * KIB);
        }
        assertThat(granted).endsWith("small").hasSize(8 + 16);
    }

    @Test
    void countsASmallBodyThatBecomesLargeAmongTheLarge() {
        Claim small = request("small", 200 * KIB);
        request("held", 58 * MIB);
        request("overdrawn", 4 * MIB);
        grow("grown", small, MIB);
        assertThat(granted).containsExactly("small", "held", "overdrawn");
    }

    @Test
    void doesNotStarveALargeRequestBehindSmallOnesThatKeepComing() {
        Deque<Claim> smalls = new ArrayDeque<>();
        for (int i = 0; i < 240; i++) {
            smalls.add(request("small", 256 * KIB));
        }
        request("overdrawn", 48 * MIB);
        request("large", 8 * MIB);
        for (int i = 0; i < 1000 && !granted.contains("large"); i++) {
            smalls.add(request("small", 256 * KIB));
            smalls.remove().release();
        }
        assertThat(granted).contains("large");
        smalls.forEach(Claim::release);
        assertThat(budget.waiting()).isZero();
    }

    @Test
    void passesOverABodyThatWaitsForItsClientsShareOnly() {
        Claim first = claim("a", -1);
        Claim second = claim("a", -1);
        Claim other = claim("b", -1);
        grow("first", first, 30 * MIB);
        grow("second", second, 3 * MIB);
        grow("other", other, 4 * MIB);
        assertThat(granted).containsExactly("first", "other");
        assertThat(budget.waiting()).isOne();
        first.keep(29 * MIB);
        assertThat(granted).containsExactly("first", "other", "second");
    }

    @Test
    void letsTheOnlyBodyOfAClientExceedItsShare() {
        Claim only = claim("a", -1);
        grow("only", only, 50 * MIB);
        grow("small", claim("a", 10), 10);
        assertThat(granted).containsExactly("only");
        only.release();
        assertThat(granted).containsExactly("only", "small");
    }

    @Test
    void letsTheOldestBodyOfAClientExceedItsShareAndNoSecondOne() {
        Claim idle = claim("a", -1);
        Claim first = claim("a", -1);
        Claim second = claim("a", -1);
        grow("first", first, 20 * MIB);
        grow("second", second, 12 * MIB);
        grow("second again", second, 20 * MIB);
        grow("first again", first, 30 * MIB);
        grow("idle", idle, MIB);
        assertThat(granted).containsExactly("first", "second", "first again");
        first.release();
        assertThat(granted).containsExactly("first", "second", "first again", "idle", "second again");
    }

    @Test
    void doesNotGiveTheOverdraftToABodyThatWaitsForItsClientsShare() {
        grow("full", claim("a", -1), 32 * MIB);
        grow("more", claim("a", -1), MIB);
        request("held", 28 * MIB);
        request("overdrawn", 10 * MIB);
        assertThat(granted).containsExactly("full", "held", "overdrawn");
    }
}
