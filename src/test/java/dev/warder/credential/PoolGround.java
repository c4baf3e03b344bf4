package dev.warder.credential;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warder.auth.Client;
import dev.warder.config.Secret;
import dev.warder.credential.ManagedSettings.PoolOrder;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;

/** A pool under clocks that a test sets; its answers have the fields that a test names. */
final class PoolGround {
    private static final Upstream UPSTREAM = new AnyUpstream();

    /** When it begins. */
    static final Instant START = Instant.parse("2026-03-01T12:00:00Z");

    /** The model that its requests name. */
    static final String MODEL = "claude-x";

    static final Outcome LOST = new Outcome.Lost();
    static final Outcome UNREACHABLE = new Outcome.Unreachable();
    static final Outcome TIMED_OUT = new Outcome.TimedOut();
    static final Outcome UNKNOWN = new Outcome.Unknown();

    private final IdentityHashMap<Candidates.Use, Candidates> requests = new IdentityHashMap<>();
    private Duration elapsed = Duration.ZERO;
    private final CredentialPool pool;

    private PoolGround(PoolOrder order, List<CredentialPool.Entry> entries) {
        // Just before the nanosecond clock wraps, which it may.
        pool = new CredentialPool(
                entries, order, () -> Long.MAX_VALUE - 1_000_000 + elapsed.toNanos(), () -> START.plus(elapsed));
    }

    static PoolGround ordered(String... names) {
        return ordered(List.of(names).stream().map(PoolGround::key).toArray(CredentialSource[]::new));
    }

    static PoolGround ordered(CredentialSource... sources) {
        var entries = List.of(sources).stream().map(source -> entry(source, 1)).toList();
        return new PoolGround(PoolOrder.ORDERED, entries);
    }

    /** Credentials whose names are followed by their weights, such as {@code a3}. */
    static PoolGround weighted(String... entries) {
        var list = new ArrayList<CredentialPool.Entry>();
        for (String entry : entries) {
            int weight = Integer.parseInt(entry.substring(1));
            list.add(entry(key(entry.substring(0, 1)), weight));
        }
        return new PoolGround(PoolOrder.WEIGHTED, list);
    }

    static CredentialPool.Entry entry(CredentialSource source, int weight) {
        return new CredentialPool.Entry(source, weight, UPSTREAM);
    }

    static Client client(String name) {
        return new Client(name, Set.of(), List.of());
    }

    static CredentialSource key(String name) {
        return new ManagedCredential.Fixed(name, 1, false, Secret.of("k".repeat(20)));
    }

    /** An answer with fields, each a name and its value. */
    static Outcome answer(int status, String... fields) {
        return new Outcome.Responded(status, wanted -> {
            for (int i = 0; i < fields.length; i += 2) {
                if (fields[i].equals(wanted.toLowerCase(Locale.ROOT))) {
                    return Optional.of(fields[i + 1]);
                }
            }
            return Optional.empty();
        });
    }

    CredentialPool pool() {
        return pool;
    }

    void advance(Duration time) {
        elapsed = elapsed.plus(time);
    }

    void seconds(long count) {
        advance(Duration.ofSeconds(count));
    }

    Candidates request() {
        return pool.candidates(client("ci"), Optional.empty()).of(true, true, Optional.of(MODEL));
    }

    Candidates request(String session) {
        return pool.candidates(client("ci"), Optional.of(session)).of(true, true, Optional.of(MODEL));
    }

    /** Begins a use and checks which credential it got. */
    Candidates.Use begin(String name) {
        var request = request();
        var use = begin(request, name);
        requests.put(use, request);
        return use;
    }

    /** Ends what was begun, and proves a failure: another credential, where one may be used, is served. */
    void ended(Candidates.Use use, Outcome outcome) {
        use.ended(outcome);
        if (outcome.needsProof()) {
            Objects.requireNonNull(requests.get(use)).next().ifPresent(better -> better.ended(answer(200)));
        }
    }

    static Candidates.Use begin(Candidates request, String name) {
        var use = request.next().orElseThrow();
        assertThat(use.source().name()).isEqualTo(name);
        return use;
    }

    /** A whole use, of which that came; a failure is proven by another credential, where one may be used. */
    void use(String name, Outcome outcome) {
        ended(begin(name), outcome);
    }

    /** The same for a request of a session. */
    void use(String session, String name, Outcome outcome) {
        begin(request(session), name).ended(outcome);
    }

    /** Checks that the credential is not used for that long, and is then. */
    void assertBenched(String name, Duration time) {
        assertBenched(time, () -> state(name).timeLeft());
    }

    /** The same for requests that name {@link #MODEL}; others may use it. */
    void assertHeld(String name, Duration time) {
        assertThat(state(name).usable()).isTrue();
        assertBenched(time, () -> state(name).heldModels().stream()
                .filter(held -> held.model().equals(MODEL))
                .map(CredentialState.HeldModel::timeLeft)
                .findFirst());
    }

    private void assertBenched(Duration time, Supplier<Optional<Duration>> left) {
        assertThat(left.get()).contains(time);
        advance(time.minusNanos(1));
        assertThat(left.get()).isPresent();
        advance(Duration.ofNanos(1));
        assertThat(left.get()).isEmpty();
    }

    CredentialState state(String name) {
        return pool.states().stream()
                .filter(state -> state.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    /** A login of the operator's that is or is not of use, as {@code outOfUse} says. */
    static CredentialSource login(String name, Map<String, String> outOfUse) {
        return new LoginSource(name, outOfUse);
    }

    /** A login that a test takes out of use. */
    private record LoginSource(String name, Map<String, String> reasons) implements CredentialSource {
        @Override
        public Kind kind() {
            return Kind.OAUTH;
        }

        @Override
        public CompletionStage<UpstreamCredential> current(Client client) {
            return CompletableFuture.completedFuture(new UpstreamCredential.BearerToken("t".repeat(20), true));
        }

        @Override
        public CompletionStage<UpstreamCredential> inPlaceOf(UpstreamCredential refused) {
            return current(Client.GATEWAY);
        }

        @Override
        public boolean renewable() {
            return true;
        }

        @Override
        public Optional<String> outOfUse() {
            return Optional.ofNullable(reasons.get(name));
        }
    }
}
