package dev.warder.quota;

import dev.warder.quota.Limit.Need;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** A request's part of its limits, taken or to be taken at its admission. Not thread-safe: {@link NodeLimits} has the lock. */
final class RateHold extends Claim {
    private static final long COUNTED_NANOS = TimeUnit.SECONDS.toNanos(2);

    final List<Taken> all;
    boolean ended;

    RateHold(List<Taken> all) {
        this.all = all;
    }

    @Override
    int size() {
        return all.size();
    }

    @Override
    Limit amount(int i) {
        return all.get(i).limit;
    }

    @Override
    long need(int i) {
        return all.get(i).need.amount();
    }

    @Override
    Optional<Admission> refusal(long now) {
        for (var taken : all) {
            var limit = taken.limit;
            long amount = taken.need.amount();
            if (!limit.has(amount, now)) {
                long nanos = limit.wait(amount, now);
                if (nanos != Limit.ASK) {
                    return Optional.of(new Admission.Exhausted(this, limit.key(), retry(limit, amount, nanos, now)));
                }
            }
        }
        return Optional.empty();
    }

    /** The excess that prompts have taken is given back when they are counted, which is soon. */
    private static long retry(Limit limit, long amount, long nanos, long now) {
        long rest = amount - limit.uncounted;
        boolean suffices = limit.has(rest, now) || limit.wait(rest, now) == Limit.ASK;
        return suffices ? Math.min(nanos, COUNTED_NANOS) : nanos;
    }

    @Override
    Admission begin(long now) {
        refer(1);
        for (var taken : all) {
            taken.begin(now);
        }
        return new Admission.Admitted(this);
    }

    @Override
    void refer(int more) {
        for (var taken : all) {
            taken.limit.refer(more);
        }
    }

    /** Its part is to be given back soon: other nodes lack it. */
    @Override
    void giveUp() {
        for (var taken : all) {
            taken.limit.sharing.changed(taken.limit);
        }
    }

    void end() {
        ended = true;
        for (var taken : all) {
            taken.counted();
        }
        refer(-1);
    }

    boolean hasTokens() {
        return all.stream().anyMatch(taken -> taken.need.key().kind().isOfTokens());
    }

    /** A request's part of one limit. Not thread-safe: {@link NodeLimits} has the lock. */
    static final class Taken {
        final Limit limit;
        final Need need;

        /** 0 before the request is admitted. */
        private long amount;

        private long uncounted;

        Taken(Limit limit, Need need) {
            this.limit = limit;
            this.need = need;
        }

        void begin(long now) {
            set(need.amount(), now);
            if (need.key().kind() == Limit.Kind.INPUT_TOKENS) {
                uncounted = need.amount();
                limit.uncounted += uncounted;
            }
        }

        void set(long next, long now) {
            if (next != amount) {
                limit.take(next - amount, now);
                amount = next;
            }
        }

        void counted() {
            limit.uncounted -= uncounted;
            uncounted = 0;
        }
    }
}
