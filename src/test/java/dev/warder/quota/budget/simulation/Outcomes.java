package dev.warder.quota.budget.simulation;

import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;

/** All runs of one rule. Immutable. */
record Outcomes(List<Outcome> runs) {
    /** The head of the table of which each has a row. */
    static final String HEAD =
            """
            | budget | rule | spent above the budget, mean / most | spent (generated) | refusals before 90 % | seconds to 90 % | responses cut, mean / most |
            |---|---|---|---|---|---|---|""";

    /** Copies the list. */
    Outcomes {
        runs = List.copyOf(runs);
    }

    double mean(ToDoubleFunction<Outcome> of) {
        return runs.stream().mapToDouble(of).average().orElseThrow();
    }

    double most(ToDoubleFunction<Outcome> of) {
        return runs.stream().mapToDouble(of).max().orElseThrow();
    }

    /** The mean of the runs that have used nine tenths; infinite if none has. */
    double secondsToMost() {
        return runs.stream()
                .flatMapToDouble(run -> run.secondsToMost().stream())
                .average()
                .orElse(Double.POSITIVE_INFINITY);
    }

    String row(String budget, String rule) {
        return String.format(
                Locale.ROOT,
                "| %s | %s | %.1f / %.1f %% | %.1f %% (%.1f %%) | %.0f | %s | %.1f / %.0f |",
                budget,
                rule,
                100 * mean(Outcome::overshoot),
                100 * most(Outcome::overshoot),
                100 * mean(run -> Math.min(1, run.recorded())),
                100 * mean(run -> Math.min(1, run.billed())),
                mean(Outcome::refusals),
                time(),
                mean(Outcome::cut),
                most(Outcome::cut));
    }

    private String time() {
        long reached =
                runs.stream().filter(run -> run.secondsToMost().isPresent()).count();
        if (reached == 0) {
            return "never";
        }
        String mean = String.format(Locale.ROOT, "%.0f", secondsToMost());
        return reached == runs.size() ? mean : mean + " in " + reached + " of " + runs.size() + " runs";
    }
}
