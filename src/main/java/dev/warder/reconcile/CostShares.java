package dev.warder.reconcile;

import dev.warder.reconcile.Comparison.Side;
import dev.warder.reconcile.ReconciliationReport.LineId;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.LocalDate;
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

    /** Amounts of the reports have at least five digits after the point of a cent. */
    private static final long LINE_ROUNDING = 100;

    /** By which parts a line of tokens is compared, the strictest first. */
    private static final List<BiPredicate<Cell, Cell>> OF_TOKENS = List.of(
            Cell::equals,
            (line, used) -> sameModel(line, used)
                    && line.workspace().equals(used.workspace())
                    && line.tier().equals(used.tier()),
            (line, used) -> sameModel(line, used) && line.workspace().equals(used.workspace()),
            CostShares::sameModel);

    private static final List<BiPredicate<Cell, Cell>> OF_SEARCHES =
            List.of((line, used) -> line.workspace().equals(used.workspace()), (line, used) -> true);

    private final LocalDate day;
    private final Map<Cell, Side> totals = new HashMap<>();
    private final Map<Cell, Map<String, Side>> mapped = new HashMap<>();
    private final Map<LineId, Sum> sums = new HashMap<>();
    private BigDecimal other = BigDecimal.ZERO;

    /**
     * The parts by which both reports group. A part that is not known, or that a report does not have, is empty. Immutable.
     *
     * @param workspace empty for the default workspace
     * @param model the name in the report
     * @param tier {@code standard}, {@code batch} and so on
     * @param context the context window
     * @param geo the place of the inference
     */
    record Cell(String workspace, String model, String tier, String context, String geo) {
        Cell {
            geo = geo.equals("not_available") ? "" : geo;
        }
    }

    /**
     * A line of the cost report. Immutable.
     *
     * @param type of the usage, such as {@code tokens} or {@code web_search}
     * @param kind of tokens in the report's word; empty for usage that is not paid by tokens
     * @param nanos the amount in nano-dollars
     */
    record Line(Cell cell, String type, String kind, BigDecimal nanos) {}

    /**
     * Anthropic's report of one day. Immutable.
     *
     * @param shares of each model and credential
     * @param otherNanos the cost of all that belongs to none of the credentials, in nano-dollars
     * @param otherTokens the tokens of all that belongs to none of the credentials
     */
    record DayReport(Map<LineId, Comparison> shares, long otherNanos, long otherTokens) {
        DayReport {
            shares = Map.copyOf(shares);
        }
    }

    /** The sums of a credential so far. */
    private static final class Sum {
        private Side usage = Side.NONE;
        private BigDecimal nanos = BigDecimal.ZERO;
        private int lines;
    }

    CostShares(LocalDate day) {
        this.day = day;
    }

    private static boolean sameModel(Cell line, Cell used) {
        return LineId.modelName(line.model()).equals(LineId.modelName(used.model()));
    }

    void addTotal(Cell cell, Side usage) {
        totals.merge(cell, usage, Side::plus);
    }

    /** Adds usage of a credential, which is a part of the organization's. */
    void add(Cell cell, String credential, Side usage) {
        mapped.computeIfAbsent(cell, none -> new HashMap<>()).merge(credential, usage, Side::plus);
        var sum = sum(cell, credential);
        sum.usage = sum.usage.plus(usage);
    }

    /** The number of cells and credentials so far, which an absurd report must not make large. */
    int size() {
        return totals.size() + sums.size();
    }

    void add(Line line) {
        boolean search = line.type().equals(SEARCH);
        ToLongFunction<Side> kind = search ? Side::searches : kind(line.kind());
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

    private void divide(Line line, BiPredicate<Cell, Cell> same, ToLongFunction<Side> kind, long whole) {
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

    private long ofMapped(Cell cell, ToLongFunction<Side> kind) {
        return mapped.getOrDefault(cell, Map.of()).values().stream()
                .mapToLong(kind)
                .sum();
    }

    private Sum sum(Cell cell, String credential) {
        return sums.computeIfAbsent(new LineId(day, LineId.modelName(cell.model()), credential), none -> new Sum());
    }

    private static ToLongFunction<Side> kind(String word) {
        return switch (word) {
            case "uncached_input_tokens" -> Side::input;
            case "output_tokens" -> Side::output;
            case "cache_read_input_tokens" -> Side::read;
            case "cache_creation.ephemeral_5m_input_tokens" -> Side::write5m;
            case "cache_creation.ephemeral_1h_input_tokens" -> Side::write1h;
            default -> usage -> 0;
        };
    }

    /** The shares, rounded to nano-dollars. */
    DayReport report() {
        var shares = new HashMap<LineId, Comparison>();
        long mappedTokens = 0;
        for (var each : sums.entrySet()) {
            var sum = each.getValue();
            var side = sum.usage.plus(new Side(rounded(sum.nanos), 0, 0, 0, 0, 0, 0));
            shares.put(each.getKey(), new Comparison(0, Side.NONE, side, LINE_ROUNDING * sum.lines));
            mappedTokens += sum.usage.tokens();
        }
        long all = totals.values().stream().mapToLong(Side::tokens).sum();
        return new DayReport(shares, rounded(other), Math.max(0, all - mappedTokens));
    }

    private static long rounded(BigDecimal nanos) {
        return nanos.setScale(0, RoundingMode.HALF_UP).longValue();
    }
}
