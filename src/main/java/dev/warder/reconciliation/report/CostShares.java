package dev.warder.reconciliation.report;

import dev.warder.reconciliation.report.DayReport.Owner;
import dev.warder.reconciliation.report.DayReport.Share;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiPredicate;
import java.util.function.ToLongFunction;

/**
 * Divides the lines of the cost report among the credentials, each line by their tokens of its kind. A line that matches no
 * usage in all its parts is compared by fewer of them. What belongs to other keys of the organization stays with them, and so
 * does what nothing explains, such as code execution. One thread at a time.
 */
final class CostShares {
    private static final int DIGITS = 6;
    private static final String SEARCH = "web_search";

    /** By which parts a line of tokens is compared, the strictest first. */
    private static final List<BiPredicate<Cell, Cell>> OF_TOKENS = List.of(
            Cell::equals,
            (line, used) -> sameModel(line, used)
                    && line.workspace().equals(used.workspace())
                    && line.tier().equals(used.tier()),
            (line, used) -> sameModel(line, used) && line.workspace().equals(used.workspace()),
            CostShares::sameModel);

    /** A line of searches has no model. */
    private static final List<BiPredicate<Cell, Cell>> OF_SEARCHES =
            List.of((line, used) -> line.workspace().equals(used.workspace()), (line, used) -> true);

    private final Map<Cell, Counts> totals = new HashMap<>();
    private final Map<Cell, Map<String, Counts>> mapped = new HashMap<>();
    private final Map<Owner, Sum> sums = new HashMap<>();
    private BigDecimal other = BigDecimal.ZERO;

    /** What an owner has so far. */
    private static final class Sum {
        private Counts counts = Counts.NONE;
        private BigDecimal nanos = BigDecimal.ZERO;
        private int lines;
    }

    private static boolean sameModel(Cell line, Cell used) {
        return ModelName.of(line.model()).equals(ModelName.of(used.model()));
    }

    /** Adds usage of the whole organization. */
    void addTotal(Cell cell, Counts counts) {
        totals.merge(cell, counts, Counts::plus);
    }

    /** Adds usage of a credential, which is a part of the organization's. */
    void add(Cell cell, String credential, Counts counts) {
        mapped.computeIfAbsent(cell, none -> new HashMap<>()).merge(credential, counts, Counts::plus);
        var sum = sum(cell, credential);
        sum.counts = sum.counts.plus(counts);
    }

    /** The number of cells and credentials so far, which an absurd report must not make large. */
    int size() {
        return totals.size() + sums.size();
    }

    /** Adds a line of cost, once all usage is added. */
    void add(CostLine line) {
        boolean search = line.type().equals(SEARCH);
        ToLongFunction<Counts> kind = search ? Counts::searches : kind(line.kind());
        for (var same : search ? OF_SEARCHES : OF_TOKENS) {
            long whole = totals.entrySet().stream()
                    .filter(each -> same.test(line.cell(), each.getKey()))
                    .mapToLong(each -> Math.max(kind.applyAsLong(each.getValue()), ofMapped(each.getKey(), kind)))
                    .sum();
            if (whole > 0) {
                divide(line, same, kind, whole);
                return;
            }
        }
        other = other.add(line.nanos());
    }

    private void divide(CostLine line, BiPredicate<Cell, Cell> same, ToLongFunction<Counts> kind, long whole) {
        var rest = line.nanos();
        for (var cell : mapped.entrySet()) {
            if (!same.test(line.cell(), cell.getKey())) {
                continue;
            }
            for (var each : cell.getValue().entrySet()) {
                long part = kind.applyAsLong(each.getValue());
                if (part > 0) {
                    var nanos = line.nanos()
                            .multiply(BigDecimal.valueOf(part))
                            .divide(BigDecimal.valueOf(whole), DIGITS, RoundingMode.HALF_EVEN);
                    var sum = sum(cell.getKey(), each.getKey());
                    sum.nanos = sum.nanos.add(nanos);
                    sum.lines++;
                    rest = rest.subtract(nanos);
                }
            }
        }
        other = other.add(rest);
    }

    private long ofMapped(Cell cell, ToLongFunction<Counts> kind) {
        return mapped.getOrDefault(cell, Map.of()).values().stream()
                .mapToLong(kind)
                .sum();
    }

    private Sum sum(Cell cell, String credential) {
        return sums.computeIfAbsent(new Owner(ModelName.of(cell.model()), credential), none -> new Sum());
    }

    private static ToLongFunction<Counts> kind(String word) {
        return switch (word) {
            case "uncached_input_tokens" -> Counts::input;
            case "output_tokens" -> Counts::output;
            case "cache_read_input_tokens" -> Counts::read;
            case "cache_creation.ephemeral_5m_input_tokens" -> Counts::write5m;
            case "cache_creation.ephemeral_1h_input_tokens" -> Counts::write1h;
            default -> counts -> 0;
        };
    }

    /** The shares, rounded to nano-dollars. */
    DayReport report() {
        var shares = new HashMap<Owner, Share>();
        long mappedTokens = 0;
        for (var each : sums.entrySet()) {
            var sum = each.getValue();
            shares.put(each.getKey(), new Share(sum.counts, rounded(sum.nanos), sum.lines));
            mappedTokens += sum.counts.tokens();
        }
        long all = totals.values().stream().mapToLong(Counts::tokens).sum();
        return new DayReport(shares, rounded(other), Math.max(0, all - mappedTokens));
    }

    private static long rounded(BigDecimal nanos) {
        return nanos.setScale(0, RoundingMode.HALF_UP).longValue();
    }
}
