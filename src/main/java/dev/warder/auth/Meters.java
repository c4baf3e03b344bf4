package dev.warder.auth;

import dev.warder.auth.Gates.GateFaults;
import dev.warder.http.ErrorReply;
import dev.warder.http.Field;
import dev.warder.http.Fields;
import dev.warder.record.CompletedRequest;
import dev.warder.usage.UsageBounds;
import dev.warder.usage.UsageCounts;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * The meters of one request as one: the first that cuts it decides. Thread-safe; its {@link Passage} adds and ends meters one
 * after the other.
 */
public final class Meters {
    private final String requestId;
    private volatile List<Meter> all = List.of();

    Meters(String requestId) {
        this.requestId = requestId;
    }

    void add(Meter meter) {
        all = Stream.concat(all.stream(), Stream.of(meter)).toList();
    }

    public Optional<Instant> admittedAt() {
        return find(Meter::admittedAt);
    }

    public Optional<UsageBounds> bounds() {
        return find(Meter::bounds);
    }

    public long held() {
        return all.stream().mapToLong(Meter::held).max().orElse(0);
    }

    public boolean readUsage() {
        return all.stream().anyMatch(Meter::readsUsage);
    }

    public void costNothing() {
        all.forEach(meter -> GateFaults.run(requestId, meter::costNothing));
    }

    public Optional<ErrorReply> beforeTry() {
        return first(Meter::beforeTry);
    }

    public Optional<ErrorReply> usage(UsageCounts soFar) {
        return first(meter -> meter.readsUsage() ? meter.usage(soFar) : Optional.empty());
    }

    public Optional<ErrorReply> tick(long nanoTime) {
        return first(meter -> meter.tick(nanoTime));
    }

    /** The fields of all meters; of a name those of the first meter that has it. A meter that throws adds none. */
    public List<Field> responseFields() {
        var fields = new ArrayList<Field>();
        for (var meter : all) {
            List<Field> more = GateFaults.call("meter", requestId, () -> List.copyOf(meter.responseFields()), List::of);
            fields.addAll(more.stream()
                    .filter(field -> Fields.find(fields, field.name()).isEmpty())
                    .toList());
        }
        return fields;
    }

    /**
     * Ends all meters. They are not called afterwards, except by a call that has begun before.
     *
     * @param request what they receive at their end; empty if a fault has kept it from being made
     */
    void end(Optional<CompletedRequest> request) {
        var last = all;
        all = List.of();
        // Without an allocation, which might fail: a grant is released after this, and would not be charged.
        for (int i = 0; i < last.size(); i++) {
            try {
                if (request.isPresent()) {
                    last.get(i).end(request.get());
                } else {
                    last.get(i).lost();
                }
            } catch (Throwable fault) {
                GateFaults.log("meter", requestId, fault);
            }
        }
    }

    private <T> Optional<T> find(Function<Meter, Optional<T>> property) {
        return all.stream().flatMap(meter -> property.apply(meter).stream()).findFirst();
    }

    private Optional<ErrorReply> first(Function<Meter, Optional<ErrorReply>> question) {
        Optional<ErrorReply> first = Optional.empty();
        for (var meter : all) {
            var reply = GateFaults.call(
                    "meter", requestId, () -> question.apply(meter), () -> Optional.of(GateFaults.undecided()));
            first = first.isPresent() ? first : reply;
        }
        return first;
    }
}
