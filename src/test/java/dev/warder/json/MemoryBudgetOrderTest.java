package dev.warder.json;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warder.json.MemoryBudget.Permit;
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

    private Permit request(String name, long bytes) {
        return budget.request(bytes, () -> granted.add(name));
    }

    @Test
    void servesTheFirstComerFirst() {
        Permit held = request("held", 60 * MIB);
        request("a", 30 * MIB);
        request("b", MIB);
        request("c", 20 * MIB);
        assertThat(granted).containsExactly("held");
        assertThat(budget.waiting()).isEqualTo(3);
        held.release();
        assertThat(granted).containsExactly("held", "a", "b", "c");
        assertThat(budget.used()).isEqualTo(51 * MIB);
    }

    @Test
    void letsSmallRequestsPassALargeOneThatDoesNotFit() {
        request("held", 60 * MIB);
        request("large", 30 * MIB);
        request("small", 256 * KIB);
        request("not small", 256 * KIB + 1);
        assertThat(granted).containsExactly("held", "small");
    }

    @Test
    void keepsAShareForSmallRequestsWhenLargeOnesFillIt() {
        for (int i = 0; i < 8; i++) {
            request("large", 8 * MIB);
        }
        assertThat(budget.used()).isEqualTo(56 * MIB);
        request("small", 200 * KIB);
        assertThat(granted).endsWith("small").hasSize(8);
    }

    @Test
    void grantsSmallOnesFirstOnRelease() {
        Permit all = request("all", 64 * MIB);
        request("large", 40 * MIB);
        request("small", 100 * KIB);
        request("smaller", 10 * KIB);
        all.release();
        assertThat(granted).containsExactly("all", "small", "smaller", "large");
    }

    @Test
    void doesNotStarveALargeRequestBehindSmallOnesThatKeepComing() {
        Deque<Permit> smalls = new ArrayDeque<>();
        for (int i = 0; i < 128; i++) {
            smalls.add(request("small", 256 * KIB));
        }
        request("large", 48 * MIB);
        for (int i = 0; i < 1000 && !granted.contains("large"); i++) {
            smalls.add(request("small", 256 * KIB));
            smalls.remove().release();
        }
        assertThat(granted).contains("large");
        assertThat(granted.indexOf("large")).isBetween(128 + 255, 128 + 300);
        assertThat(budget.waiting()).isPositive();
        smalls.forEach(Permit::release);
        assertThat(budget.waiting()).isZero();
    }

    @Test
    void letsSmallOnesPassWithoutEndWhileOtherLargeOnesAreInTheWay() {
        request("held", 50 * MIB);
        request("large", 48 * MIB);
        for (int i = 0; i < 2000; i++) {
            request("small", 256 * KIB).release();
        }
        assertThat(granted).hasSize(2001);
    }
}
