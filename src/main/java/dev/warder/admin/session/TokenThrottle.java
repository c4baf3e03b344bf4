package dev.warder.admin.session;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.warder.auth.TokenHash;
import dev.warder.config.Secret;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Compares what callers present with {@code admin.token}, or also with {@code metrics.token}, and limits how often this
 * node does so. The first 5 wrong
 * tokens are refused at once; one of them is forgotten each minute. After that the refusal of a wrong token of 32
 * characters or more is delayed by 2 s, without a thread. At most 256 requests are delayed at a time; further requests
 * are refused without a comparison. A shorter {@code admin.token} is compared at most 5 times a second. The limit is
 * one for the node, because an attacker has many addresses. One warning a minute reports the wrong tokens.
 *
 * <p>Thread-safe. {@link #tick} releases the delayed refusals.
 */
public final class TokenThrottle implements AutoCloseable {
    /** The length in characters from which guessing is hopeless, so that a delay is enough. */
    static final int LONG_TOKEN = 32;

    private static final Logger LOG = LoggerFactory.getLogger(TokenThrottle.class);
    private static final int FREE_FAILURES = 5;
    private static final int DELAYED_AT_ONCE = 256;
    private static final int COMPARISONS_A_SECOND = 5;
    private static final long DELAY = TimeUnit.SECONDS.toNanos(2);
    private static final long SECOND = TimeUnit.SECONDS.toNanos(1);
    private static final long MINUTE = TimeUnit.MINUTES.toNanos(1);
    private static final CompletionStage<Void> NOW = CompletableFuture.completedFuture(null);

    private final LongSupplier nanoTime;
    private final ReentrantLock lock = new ReentrantLock();

    @GuardedBy("lock")
    private final ArrayDeque<Delayed> delayed = new ArrayDeque<>();

    /** Never more than {@link #FREE_FAILURES}, so that a node recovers within minutes from any number of guesses. */
    @GuardedBy("lock")
    private int failures;

    @GuardedBy("lock")
    private long forgottenAt;

    @GuardedBy("lock")
    private long secondBegan;

    @GuardedBy("lock")
    private int comparedThisSecond;

    @GuardedBy("lock")
    private long wrong;

    @GuardedBy("lock")
    private long uncompared;

    @GuardedBy("lock")
    private long nextWarning;

    @GuardedBy("lock")
    private boolean closed;

    /** @param nanoTime a clock like {@link System#nanoTime} */
    public TokenThrottle(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
        forgottenAt = nanoTime.getAsLong();
        secondBegan = forgottenAt;
        nextWarning = forgottenAt;
    }

    /** The outcome for a presented token. */
    public sealed interface Verdict {
        /** It is the administrator's token. */
        record Right() implements Verdict {}

        /**
         * It is not.
         *
         * @param due completes when the caller may receive the refusal; on the thread of {@link #tick}
         */
        record Wrong(CompletionStage<Void> due) implements Verdict {}

        /** It was not compared, because too many wrong tokens came. */
        record Uncompared() implements Verdict {}
    }

    private record Delayed(long due, CompletableFuture<Void> future) {}

    /**
     * Compares, unless too many wrong tokens came.
     *
     * @param from the address of the caller, for the warning
     */
    public Verdict check(Secret token, String presented, String from) {
        return check(List.of(token), presented, from);
    }

    /**
     * Compares with each of several tokens, unless too many wrong tokens came.
     *
     * @param tokens those that are accepted; the shortest decides how wrong ones are slowed down
     * @param from the address of the caller, for the warning
     */
    Verdict check(List<Secret> tokens, String presented, String from) {
        lock.lock();
        try {
            long now = nanoTime.getAsLong();
            forget(now);
            boolean limited = failures >= FREE_FAILURES;
            boolean isLong = tokens.stream().allMatch(token -> token.reveal().length() >= LONG_TOKEN);
            if (limited && !(isLong ? delayed.size() < DELAYED_AT_ONCE : mayCompare(now))) {
                uncompared++;
                warn(now, from);
                return new Verdict.Uncompared();
            }
            if (isAny(tokens, presented)) {
                return new Verdict.Right();
            }
            wrong++;
            failures = Math.min(failures + 1, FREE_FAILURES);
            if (failures == FREE_FAILURES) {
                warn(now, from);
            }
            return new Verdict.Wrong(limited && isLong && !closed ? delay(now) : NOW);
        } finally {
            lock.unlock();
        }
    }

    /**
     * Whether {@code presented} is the token, for health, which refuses no caller. At most 5 of these are compared a
     * second, and the others count as wrong. They do not count as failures, because a monitor may send an outdated
     * access token for days.
     */
    public boolean recognizes(Secret token, String presented) {
        lock.lock();
        try {
            return mayCompare(nanoTime.getAsLong()) && same(token, presented);
        } finally {
            lock.unlock();
        }
    }

    /** Releases the refusals whose time has come. */
    public void tick() {
        release(nanoTime.getAsLong());
    }

    /** Releases all refusals; later ones are no longer delayed. */
    @Override
    public void close() {
        lock.lock();
        try {
            closed = true;
        } finally {
            lock.unlock();
        }
        release(nanoTime.getAsLong() + DELAY);
    }

    private void release(long until) {
        for (var refusal : due(until)) {
            refusal.future().complete(null);
        }
    }

    private List<Delayed> due(long until) {
        lock.lock();
        try {
            var due = new ArrayList<Delayed>();
            for (var first = delayed.peek(); first != null && until - first.due() >= 0; first = delayed.peek()) {
                due.add(delayed.remove());
            }
            return due;
        } finally {
            lock.unlock();
        }
    }

    @GuardedBy("lock")
    private CompletionStage<Void> delay(long now) {
        var refusal = new Delayed(now + DELAY, new CompletableFuture<>());
        delayed.add(refusal);
        return refusal.future();
    }

    @GuardedBy("lock")
    private void forget(long now) {
        long minutes = (now - forgottenAt) / MINUTE;
        forgottenAt = failures == 0 ? now : forgottenAt + minutes * MINUTE;
        failures = (int) Math.max(0, failures - minutes);
    }

    @GuardedBy("lock")
    private boolean mayCompare(long now) {
        if (now - secondBegan >= SECOND) {
            secondBegan = now;
            comparedThisSecond = 0;
        }
        return comparedThisSecond++ < COMPARISONS_A_SECOND;
    }

    @GuardedBy("lock")
    private void warn(long now, String from) {
        if (now - nextWarning < 0) {
            return;
        }
        nextWarning = now + MINUTE;
        LOG.warn(
                "admin.token or metrics.token: {} wrong tokens were presented since the last such line, and {} requests were refused without"
                        + " a comparison; the last came from {}. Further ones are slowed down.",
                wrong,
                uncompared,
                from);
        wrong = 0;
        uncompared = 0;
    }

    /** Compares with all of them, so that the time does not depend on which one it is. */
    private static boolean isAny(List<Secret> tokens, String presented) {
        boolean found = false;
        for (var token : tokens) {
            found |= same(token, presented);
        }
        return found;
    }

    /** Compares hashes, so that the time depends neither on a length nor on a common beginning. */
    private static boolean same(Secret token, String presented) {
        var hash = TokenHash.plain();
        return TokenHash.same(hash.hex(token.reveal()), hash.hex(presented));
    }
}
