package dev.warder.budget.simulation;

import java.util.Locale;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class BudgetComparisonTest {
    @Test
    void trial() throws Exception {
        Object[][] sizes = {{5, 20}, {25, 50}, {100, 200}};
        for (var size : sizes) {
            long cap = (int) size[0] * 1_000_000_000L;
            int agents = (int) size[1];
            for (int seed = 1; seed <= Integer.getInteger("seeds", 2); seed++) {
                if (!Boolean.getBoolean("only")) { one("check", (c, k, a) -> new CheckThenAdd(k), cap, agents, seed);
                one("shrink", (c, k, a) -> WorstCase.shrinking(k), cap, agents, seed);
                one("refuse", (c, k, a) -> WorstCase.refusing(k), cap, agents, seed); }
                one("warder1", (c, k, a) -> new WarderNodes(c, k, a, 1), cap, agents, seed);
                if (!Boolean.getBoolean("one")) one("warder3", (c, k, a) -> new WarderNodes(c, k, a, 3), cap, agents, seed);
            }
        }
    }

    private void one(String name, Simulation.Rules rules, long cap, int agents, long seed) throws Exception {
        long t = System.nanoTime();
        var o = Simulation.run(rules, cap, agents, seed);
        System.out.printf(Locale.ROOT, "%d %s seed %d: used %.2f%% answered %d refusals %d t90 %s cut %d end %.0f recorded %.2f%%  (%d ms)%n", cap / 1_000_000_000, name, seed, o.used() * 100, o.answered(), o.refusals(), o.secondsToMost(), o.cut(), o.seconds(), o.recorded() * 100, (System.nanoTime() - t) / 1_000_000);
    }
}
