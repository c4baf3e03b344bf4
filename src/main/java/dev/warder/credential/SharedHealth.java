package dev.warder.credential;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.warder.credential.Health.Obstacle;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The health of a credential among several: a bench according to the upstream's responses, and a breaker for failures.
 * Neither affects requests under way. Thread-safe.
 */
final class SharedHealth implements Health {
    private static final Logger LOG = LoggerFactory.getLogger(SharedHealth.class);

    private final String name;
    private final LongSupplier nanoTime;
    private final InstantSource clock;
    private final Breaker breaker;

    @GuardedBy("this")
    private final Benches benches = new Benches();

    SharedHealth(String name, LongSupplier nanoTime, InstantSource clock) {
        this.name = name;
        this.nanoTime = nanoTime;
        this.clock = clock;
        this.breaker = new Breaker(nanoTime);
    }

    @Override
    public Optional<Obstacle> obstacle(Optional<String> model) {
        return longer(benched(model), breaker.blockedFor().map(Obstacle::breakerOpen));
    }

    private static Optional<Obstacle> longer(Optional<Obstacle> first, Optional<Obstacle> next) {
        return first.isEmpty() || next.isPresent() && next.get().isLongerThan(first.get()) ? next : first;
    }

    @Override
    public synchronized List<CredentialState.HeldModel> heldModels() {
        return benches.models(nanoTime.getAsLong());
    }

    @Override
    public boolean breakerOpen() {
        return breaker.blockedFor().isPresent();
    }

    @Override
    public OptionalLong begin(Optional<String> model) {
        return benched(model).isPresent() ? OptionalLong.empty() : breaker.enter();
    }

    @Override
    public OptionalLong beginWithoutProbe(Optional<String> model) {
        return benched(model).isPresent() ? OptionalLong.empty() : breaker.enterWithoutProbe();
    }

    @Override
    public void limit(Outcome.Responded responded, Optional<String> model) {
        var now = clock.instant();
        var limited = model.filter(name -> !Bench.concernsEveryModel(responded, now));
        Bench.stated(responded, now).ifPresent(bench -> bench(limited, bench));
    }

    @Override
    public void rejected() {
        bench(Optional.empty(), Bench.rejected());
    }

    @Override
    public void ended(long begun, Outcome outcome) {
        if (outcome instanceof Outcome.Responded responded) {
            Bench.blamed(responded, clock.instant()).ifPresent(bench -> bench(Optional.empty(), bench));
        }
        switch (breaker.ended(begun, verdict(outcome))) {
            case OPENED -> LOG.warn("credential {}: its breaker is open, for it failed too often or timed out", name);
            case CLOSED -> LOG.info("credential {}: its breaker is closed again", name);
            case NONE -> {}
        }
    }

    /** @param model empty for the whole credential */
    private void bench(Optional<String> model, Bench next) {
        boolean fresh;
        synchronized (this) {
            fresh = benches.keep(model, next, nanoTime.getAsLong());
        }
        if (fresh) {
            String words = next.obstacle(next.time()).words();
            String concerned = model.map(each -> ", for the model " + Benches.printable(each))
                    .orElse("");
            LOG.warn("credential {}: {}{}", name, words, concerned);
        }
    }

    private synchronized Optional<Obstacle> benched(Optional<String> model) {
        long now = nanoTime.getAsLong();
        var whole = benches.obstacle(Optional.empty(), now);
        return model.isPresent() ? longer(whole, benches.obstacle(model, now)) : whole;
    }

    private static Breaker.Verdict verdict(Outcome outcome) {
        if (outcome instanceof Outcome.Responded responded) {
            return responded.status() < 500 ? Breaker.Verdict.SUCCESS : Breaker.Verdict.FAILURE;
        } else if (outcome instanceof Outcome.Unavailable unavailable) {
            return unavailable.cause().isTerminal() ? Breaker.Verdict.NONE : Breaker.Verdict.FAILURE;
        } else if (outcome instanceof Outcome.TimedOut) {
            return Breaker.Verdict.TIME_OUT;
        }
        return outcome instanceof Outcome.Lost || outcome instanceof Outcome.Unreachable
                ? Breaker.Verdict.FAILURE
                : Breaker.Verdict.NONE;
    }

    /**
     * The benches of one credential, as a whole and for single models, at most 64. When there are more, that of a model which
     * ends first is dropped. Times are nanoseconds of a clock that never goes back. Guarded by its owner.
     */
    private static final class Benches {
        private static final int MOST = 64;
        private static final int LONGEST_NAME = 256;

        /** By model; without one for the whole credential. */
        private final Map<Optional<String>, Benched> held = new HashMap<>();

        /** Keeps a bench, unless there is a longer one. Returns whether there was none before. */
        boolean keep(Optional<String> model, Bench bench, long now) {
            held.values().removeIf(each -> each.left(now) <= 0);
            var key = model.map(Benches::key);
            var before = held.get(key);
            held.put(key, Benched.longer(before, bench, now));
            if (held.size() > MOST) {
                held.entrySet().stream()
                        .filter(each -> each.getKey().isPresent())
                        .min(Comparator.comparingLong(each -> each.getValue().left(now)))
                        .ifPresent(soonest -> held.remove(soonest.getKey()));
            }
            return before == null;
        }

        Optional<Obstacle> obstacle(Optional<String> model, long now) {
            var found = held.isEmpty() ? null : held.get(model.map(Benches::key));
            return found == null || found.left(now) <= 0 ? Optional.empty() : Optional.of(found.obstacle(now));
        }

        List<CredentialState.HeldModel> models(long now) {
            return held.entrySet().stream()
                    .filter(each -> each.getKey().isPresent() && each.getValue().left(now) > 0)
                    .map(each -> each.getValue().of(printable(each.getKey().get()), now))
                    .sorted(Comparator.comparing(CredentialState.HeldModel::model))
                    .toList();
        }

        /** The name with everything escaped that could forge a line of a log, because clients choose it. */
        static String printable(String model) {
            var text = new StringBuilder();
            key(model).chars().forEach(c -> {
                if (c > ' ' && c < 0x7f && c != '\\' && c != '$') {
                    text.append((char) c);
                } else {
                    text.append(String.format("\\u%04x", c));
                }
            });
            return text.toString();
        }

        private static String key(String model) {
            return model.length() <= LONGEST_NAME ? model : model.substring(0, LONGEST_NAME);
        }
    }

    /** A bench and the time until which it lasts. */
    private record Benched(Bench bench, long until) {
        /** The one of the two that lasts longer, where {@code next} begins now. */
        static Benched longer(@Nullable Benched before, Bench next, long now) {
            var benched = new Benched(next, now + next.time().toNanos());
            return before == null || benched.until - before.until > 0 ? benched : before;
        }

        long left(long now) {
            return until - now;
        }

        Obstacle obstacle(long now) {
            return bench.obstacle(Duration.ofNanos(left(now)));
        }

        CredentialState.HeldModel of(String model, long now) {
            return new CredentialState.HeldModel(model, obstacle(now).words(), Duration.ofNanos(left(now)));
        }
    }

    /**
     * A circuit breaker. It opens for 30 s after one timeout, or after 5 failures within 10 s without a success between
     * them. Then it admits one probe, and closes when the probe succeeds.
     *
     * <p>An outcome is ignored when the breaker has changed since that use began. For example, of a hundred hanging
     * requests only the first timeout opens the breaker. The others do not open it again after a successful probe.
     * Thread-safe.
     */
    static final class Breaker {
        private static final int FAILURES = 5;
        private static final long WINDOW = Duration.ofSeconds(10).toNanos();
        private static final long PAUSE = Duration.ofSeconds(30).toNanos();

        /** Marks a use that is admitted while a probe is due or under way; its outcome is ignored. */
        private static final long NO_PHASE = -1;

        private final LongSupplier nanoTime;

        @GuardedBy("this")
        private final Deque<Long> failures = new ArrayDeque<>();

        /** Counts the changes of state; each admitted use carries the value that it saw. */
        @GuardedBy("this")
        private long phase;

        @GuardedBy("this")
        private boolean open;

        @GuardedBy("this")
        private boolean probing;

        @GuardedBy("this")
        private long openUntil;

        Breaker(LongSupplier nanoTime) {
            this.nanoTime = nanoTime;
        }

        /** How long no use is admitted; empty when one is. Returns 0 during a probe, which may end at any moment. */
        synchronized Optional<Duration> blockedFor() {
            long left = openUntil - nanoTime.getAsLong();
            if (!open || !probing && left <= 0) {
                return Optional.empty();
            }
            return Optional.of(Duration.ofNanos(Math.max(0, left)));
        }

        synchronized OptionalLong enter() {
            if (blockedFor().isPresent()) {
                return OptionalLong.empty();
            }
            if (open) {
                probing = true;
                phase++;
            }
            return OptionalLong.of(phase);
        }

        /**
         * Admits a use that is never the probe, since its outcome may come late or prove nothing. Empty when none is
         * admitted.
         */
        synchronized OptionalLong enterWithoutProbe() {
            if (blockedFor().isPresent()) {
                return OptionalLong.empty();
            }
            return OptionalLong.of(open ? NO_PHASE : phase);
        }

        synchronized Change ended(long entered, Verdict verdict) {
            if (entered != phase) {
                return Change.NONE;
            }
            return open ? probeEnded(verdict) : count(verdict);
        }

        @GuardedBy("this")
        private Change probeEnded(Verdict verdict) {
            probing = false;
            phase++;
            return switch (verdict) {
                case SUCCESS -> close();
                case FAILURE, TIME_OUT -> open();
                case NONE -> Change.NONE;
            };
        }

        @GuardedBy("this")
        private Change count(Verdict verdict) {
            switch (verdict) {
                case SUCCESS -> failures.clear();
                case FAILURE -> failures.addLast(nanoTime.getAsLong());
                default -> {}
            }
            return verdict == Verdict.TIME_OUT || verdict == Verdict.FAILURE && tooMany() ? open() : Change.NONE;
        }

        @GuardedBy("this")
        private boolean tooMany() {
            while (failures.getLast() - failures.getFirst() > WINDOW) {
                failures.removeFirst();
            }
            return failures.size() >= FAILURES;
        }

        @GuardedBy("this")
        private Change open() {
            open = true;
            openUntil = nanoTime.getAsLong() + PAUSE;
            phase++;
            failures.clear();
            return Change.OPENED;
        }

        @GuardedBy("this")
        private Change close() {
            open = false;
            return Change.CLOSED;
        }

        /** The outcome of an admitted use. */
        enum Verdict {
            SUCCESS,
            FAILURE,
            TIME_OUT,
            NONE
        }

        /** How the end of a use changed the breaker. */
        enum Change {
            OPENED,
            CLOSED,
            NONE
        }
    }
}
