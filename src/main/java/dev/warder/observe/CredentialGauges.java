package dev.warder.observe;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.warder.credential.CredentialState;
import io.micrometer.core.instrument.Tags;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;

/**
 * The gauges of the managed credentials. The states are read at most once a second, because each gauge asks for one of them.
 * Thread-safe.
 */
final class CredentialGauges {
    private static final long FRESH = TimeUnit.SECONDS.toNanos(1);

    private final Supplier<List<CredentialState>> states;
    private final LongSupplier nanoTime;
    private final ReentrantLock lock = new ReentrantLock();

    @GuardedBy("lock")
    private Map<String, CredentialState> known;

    @GuardedBy("lock")
    private long readAt;

    private CredentialGauges(Supplier<List<CredentialState>> states, LongSupplier nanoTime) {
        this.states = states;
        this.nanoTime = nanoTime;
        known = byName(states.get());
        readAt = nanoTime.getAsLong();
    }

    /**
     * Creates the gauges of all credentials, which stay the same ones.
     *
     * @param values has the names of the credentials
     */
    static void register(
            Instruments instruments,
            LabelValues values,
            Supplier<List<CredentialState>> states,
            LongSupplier nanoTime) {
        var gauges = new CredentialGauges(states, nanoTime);
        for (String name : values.managed().stream().sorted().toList()) {
            var tags = Tags.of("credential", name);
            instruments.gauge(MetricName.CREDENTIAL_USABLE, tags, () -> gauges.read(name, each -> bit(each.usable())));
            instruments.gauge(
                    MetricName.CREDENTIAL_BREAKER_OPEN, tags, () -> gauges.read(name, each -> bit(each.breakerOpen())));
            instruments.gauge(
                    MetricName.CREDENTIAL_HELD_MODELS,
                    tags,
                    () -> gauges.read(name, each -> each.heldModels().size()));
        }
    }

    private double read(String name, ToDoubleFunction<CredentialState> number) {
        var state = current().get(name);
        return state == null ? Double.NaN : number.applyAsDouble(state);
    }

    private Map<String, CredentialState> current() {
        lock.lock();
        try {
            long now = nanoTime.getAsLong();
            if (now - readAt >= FRESH) {
                known = byName(states.get());
                readAt = now;
            }
            return known;
        } finally {
            lock.unlock();
        }
    }

    private static Map<String, CredentialState> byName(List<CredentialState> states) {
        return states.stream().collect(Collectors.toUnmodifiableMap(CredentialState::name, Function.identity()));
    }

    private static double bit(boolean set) {
        return set ? 1 : 0;
    }
}
