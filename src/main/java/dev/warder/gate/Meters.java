package dev.warder.gate;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.warder.http.ErrorReply;
import dev.warder.http.Field;
import dev.warder.record.CompletedRequest;
import dev.warder.usage.UsageBounds;
import dev.warder.usage.UsageCounts;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;

/** The meters of one request as one: the first that cuts it decides. Thread-safe. */
public final class Meters {
    private final String requestId;

    @GuardedBy("this")
    private List<Meter> all = List.of();

    Meters(String requestId) {
        this.requestId = requestId;
    }

    synchronized void add(Meter meter) {
        all = Stream.concat(all.stream(), Stream.of(meter)).toList();
    }

    public Optional<Instant> admittedAt() {
        return find(Meter::admittedAt);
    }

    public Optional<UsageBounds> bounds() {
        return find(Meter::bounds);
    }

    public boolean readUsage() {
        return find(meter -> meter.readsUsage() ? Optional.of(meter) : Optional.empty())
                .isPresent();
    }

    public void costNothing() {
        current().forEach(meter -> GateFaults.run(requestId, meter::costNothing));
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

    public List<Field> responseFields() {
        List<Field> fields = List.of();
        for (var meter : current()) {
            var before = fields;
            var more = GateFaults.fields(requestId, meter::responseFields).stream()
                    .filter(field ->
                            before.stream().noneMatch(other -> other.name().equalsIgnoreCase(field.name())));
            fields = Stream.concat(before.stream(), more).toList();
        }
        return fields;
    }

    /**
     * Ends all meters. They are not called afterwards, except by a call that has begun before.
     *
     * @param request what they receive at their end; empty if a fault has kept it from being made
     */
    void end(Optional<CompletedRequest> request) {
        List<Meter> last;
        synchronized (this) {
            last = all;
            all = List.of();
        }
        // Without an allocation, which might fail: a grant is released after this, and would not be charged.
        for (int i = 0; i < last.size(); i++) {
            end(last.get(i), request);
        }
    }

    private void end(Meter meter, Optional<CompletedRequest> request) {
        try {
            if (request.isPresent()) {
                meter.end(request.get());
            } else {
                meter.lost();
            }
        } catch (Throwable fault) {
            GateFaults.log("meter", requestId, fault);
        }
    }

    private <T> Optional<T> find(Function<Meter, Optional<T>> property) {
        for (var meter : current()) {
            var found = property.apply(meter);
            if (found.isPresent()) {
                return found;
            }
        }
        return Optional.empty();
    }

    private Optional<ErrorReply> first(Function<Meter, Optional<ErrorReply>> question) {
        Optional<ErrorReply> first = Optional.empty();
        for (var meter : current()) {
            var reply = GateFaults.ask(requestId, () -> question.apply(meter));
            first = first.isPresent() ? first : reply;
        }
        return first;
    }

    private synchronized List<Meter> current() {
        return all;
    }
}
