package dev.warder.admin.page;

import dev.warder.credential.CredentialState;
import dev.warder.ledger.store.LedgerReport;
import dev.warder.ledger.store.LedgerReport.LedgerPeriod;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.function.BiConsumer;
import java.util.function.Function;
import java.util.stream.IntStream;

/**
 * Everything that the panels show, as it was at one moment. Immutable.
 *
 * @param report parts of it are empty if they cannot be read now
 * @param hasLedger whether there is a ledger
 */
public record Snapshot(View view, LedgerPeriod period, Instant now, LedgerReport report, boolean hasLedger, Node node) {
    /**
     * This node.
     *
     * @param unknown requests that it refused since its start before it knew the client
     */
    public record Node(
            NodeFacts facts,
            NodeNumbers numbers,
            List<CredentialState> credentials,
            List<RecentRefusals.Refused> refusals,
            long unknown) {}

    List<Instant> slots() {
        return view.range().starts(period);
    }

    /** Calls {@code action} with the place and the time of each slot. */
    void each(BiConsumer<Integer, Instant> action) {
        var slots = slots();
        IntStream.range(0, slots.size()).forEach(slot -> action.accept(slot, slots.get(slot)));
    }

    List<String> labels() {
        return slots().stream().map(view.range()::label).toList();
    }

    <T> List<T> ofRequests(Function<LedgerReport.Requests, T> value, T none) {
        var bySlot = new HashMap<Instant, LedgerReport.Requests>();
        report.counts().ifPresent(found -> found.requests().forEach(each -> bySlot.put(each.starts(), each)));
        return values(bySlot, value, none);
    }

    List<LedgerReport.Usage> usage() {
        var bySlot = new HashMap<Instant, LedgerReport.Usage>();
        report.usage().ifPresent(found -> found.forEach(each -> bySlot.put(each.starts(), each.sums())));
        return values(bySlot, sums -> sums, LedgerReport.Usage.NONE);
    }

    private <S, T> List<T> values(Map<Instant, S> bySlot, Function<S, T> value, T none) {
        var values = new ArrayList<T>();
        for (var start : slots()) {
            var found = bySlot.get(start);
            values.add(found == null ? none : value.apply(found));
        }
        return values;
    }

    /**
     * Facts that do not change while the node runs. Immutable.
     *
     * @param version of Warder
     * @param server the application server, as it names itself
     * @param upstream the origin of the upstream
     * @param started when the application started
     * @param warnings those that the log had at the start, without a secret
     */
    public record NodeFacts(String version, String server, String upstream, Instant started, List<String> warnings) {
        public NodeFacts {
            warnings = List.copyOf(warnings);
        }
    }

    /**
     * The node's present numbers. Immutable.
     *
     * @param exchanges open exchanges, of {@code limits.streams}
     * @param connections connections to the upstream that are in use
     * @param idle connections to the upstream that are open and idle
     * @param memory bytes of request bodies that are held, of {@code limits.memory}
     * @param waiting requests that wait for memory
     * @param policyVersion the version of {@code policy.file} in use; empty if none is set
     * @param problems what an operator should know, such as draining or a missing setting; without a secret
     */
    public record NodeNumbers(
            Use exchanges,
            int connections,
            int idle,
            Use memory,
            int waiting,
            OptionalLong policyVersion,
            List<String> problems) {
        /** A number with its limit. */
        public record Use(long now, long limit) {}

        public NodeNumbers {
            problems = List.copyOf(problems);
        }
    }
}
