package dev.warder.auth;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.warder.config.Secret;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Limits how fast callers can guess a token that a person may have chosen, such as {@code admin.token}. A token of 32
 * characters or more is always compared, since no rate of guesses finds it: the right one is never refused or delayed
 * because others present wrong ones. The first 5 wrong tokens are refused at once; one of them is forgotten each minute.
 * After that the refusal of a wrong token is delayed by 2 s, without a thread. At most 256 requests are delayed at a time;
 * further wrong tokens are refused at once. A shorter token is compared at most 5 times a second, and one that all clients
 * have until 20 wrong ones came in a second. The limit is one for the node, because an attacker has many addresses. One
 * warning a minute reports the wrong tokens.
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
    private static final int SHARED_COMPARISONS_A_SECOND = 20;
    private static final long DELAY = TimeUnit.SECONDS.toNanos(2);
    private static final long SECOND = TimeUnit.SECONDS.toNanos(1);
    private static final long MINUTE = TimeUnit.MINUTES.toNanos(1);
    private static final CompletionStage<Void> NOW = CompletableFuture.completedFuture(null);

    private final LongSupplier nanoTime;
    private final String settings;

    @GuardedBy("this")
    private final ArrayDeque<Delayed> delayed = new ArrayDeque<>();

    /** Never more than {@link #FREE_FAILURES}, so that a node recovers within minutes from any number of guesses. */
    @GuardedBy("this")
    private int failures;

    @GuardedBy("this")
    private long forgottenAt;

    @GuardedBy("this")
    private long secondBegan;

    @GuardedBy("this")
    private int comparedThisSecond;

    @GuardedBy("this")
    private long wrong;

    @GuardedBy("this")
    private long tooMany;

    @GuardedBy("this")
    private long nextWarning;

    @GuardedBy("this")
    private boolean closed;

    /**
     * Creates one for a place where tokens are presented.
     *
     * @param nanoTime a clock like {@link System#nanoTime}
     * @param settings the names of those that are accepted there, for the warning
     */
    public TokenThrottle(LongSupplier nanoTime, String settings) {
        this.nanoTime = nanoTime;
        this.settings = settings;
        forgottenAt = nanoTime.getAsLong();
        secondBegan = forgottenAt;
        nextWarning = forgottenAt;
    }

    /** The outcome for a presented token. */
    public sealed interface Verdict {
        /** Equal to the administrator's token. */
        record Right() implements Verdict {}

        /**
         * Another token.
         *
         * @param due completes when the caller may receive the refusal; on the thread of {@link #tick}
         */
        record Wrong(CompletionStage<Void> due) implements Verdict {}

        /** Another token, or one that was not compared, because too many wrong tokens came. */
        record TooMany() implements Verdict {}
    }

    private record Delayed(long due, CompletableFuture<Void> future) {}

    /**
     * Compares with each of several tokens, unless it is short and too many wrong ones came.
     *
     * @param tokens those that are accepted; the shortest decides how wrong ones are slowed down
     * @param from the address of the caller, for the warning
     */
    public synchronized Verdict check(List<Secret> tokens, String presented, String from) {
        long now = nanoTime.getAsLong();
        forget(now);
        boolean limited = failures >= FREE_FAILURES;
        if (isAny(tokens.stream().filter(TokenThrottle::isLong).toList(), presented)) {
            return new Verdict.Right();
        }
        boolean isLong = tokens.stream().allMatch(TokenThrottle::isLong);
        if (limited && !(isLong ? delayed.size() < DELAYED_AT_ONCE : mayCompare(now))) {
            tooMany++;
            warn(now, from);
            return new Verdict.TooMany();
        }
        if (isAny(tokens, presented)) {
            return new Verdict.Right();
        }
        fail(now, from);
        return new Verdict.Wrong(limited && isLong && !closed ? delay(now) : NOW);
    }

    /**
     * Whether {@code presented} is the token, for health, which refuses no caller. A short token is compared at most 5
     * times a second, and otherwise counts as wrong; five wrong ones are logged. Wrong ones do not count as failures, because a
     * monitor may send an outdated token for days.
     */
    public synchronized boolean recognizes(Secret token, String presented, String from) {
        long now = nanoTime.getAsLong();
        boolean recognized = (isLong(token) || mayCompare(now)) && same(token, presented);
        if (!recognized && !isLong(token) && AccessToken.parse(presented).isEmpty()) {
            wrong++;
            if (wrong >= FREE_FAILURES) {
                warn(now, from);
            }
        }
        return recognized;
    }

    /** Whether a token that all clients have may be compared now; right ones do not count, since each request brings one. */
    boolean comparesShared(Secret token) {
        return isLong(token) || comparesShort();
    }

    private synchronized boolean comparesShort() {
        long now = nanoTime.getAsLong();
        forget(now);
        return failures < FREE_FAILURES || compared(now) < SHARED_COMPARISONS_A_SECOND;
    }

    synchronized void addWrong() {
        long now = nanoTime.getAsLong();
        forget(now);
        compared(now);
        comparedThisSecond++;
        fail(now, "see the access log");
    }

    public void tick() {
        release(nanoTime.getAsLong());
    }

    @Override
    public void close() {
        synchronized (this) {
            closed = true;
        }
        release(nanoTime.getAsLong() + DELAY);
    }

    private void release(long until) {
        for (var refusal : due(until)) {
            refusal.future().complete(null);
        }
    }

    private synchronized List<Delayed> due(long until) {
        var due = new ArrayList<Delayed>();
        for (var first = delayed.peek(); first != null && until - first.due() >= 0; first = delayed.peek()) {
            due.add(delayed.remove());
        }
        return due;
    }

    @GuardedBy("this")
    private CompletionStage<Void> delay(long now) {
        var refusal = new Delayed(now + DELAY, new CompletableFuture<>());
        delayed.add(refusal);
        return refusal.future();
    }

    @GuardedBy("this")
    private void forget(long now) {
        long minutes = (now - forgottenAt) / MINUTE;
        forgottenAt = failures == 0 ? now : forgottenAt + minutes * MINUTE;
        failures = (int) Math.max(0, failures - minutes);
    }

    @GuardedBy("this")
    private boolean mayCompare(long now) {
        boolean may = compared(now) < COMPARISONS_A_SECOND;
        comparedThisSecond++;
        return may;
    }

    @GuardedBy("this")
    private int compared(long now) {
        if (now - secondBegan >= SECOND) {
            secondBegan = now;
            comparedThisSecond = 0;
        }
        return comparedThisSecond;
    }

    @GuardedBy("this")
    private void fail(long now, String from) {
        wrong++;
        failures = Math.min(failures + 1, FREE_FAILURES);
        if (failures == FREE_FAILURES) {
            warn(now, from);
        }
    }

    private static boolean isLong(Secret token) {
        return token.reveal().length() >= LONG_TOKEN;
    }

    @GuardedBy("this")
    private void warn(long now, String from) {
        if (now - nextWarning < 0) {
            return;
        }
        nextWarning = now + MINUTE;
        LOG.warn(
                "{}: {} wrong tokens were presented since the last such line, and {} more requests were refused with 429;"
                        + " the last caller: {}. Further ones are slowed down.",
                settings,
                wrong,
                tooMany,
                from);
        wrong = 0;
        tooMany = 0;
    }

    /** Compares with all of them, so that the time does not depend on which one it is. */
    private static boolean isAny(List<Secret> tokens, String presented) {
        boolean found = false;
        for (var token : tokens) {
            found |= same(token, presented);
        }
        return found;
    }

    /** Compares in a time that depends on no character of the token, see {@link MessageDigest#isEqual}. */
    static boolean same(Secret token, String presented) {
        byte[] expected = token.reveal().getBytes(StandardCharsets.UTF_8);
        return MessageDigest.isEqual(presented.getBytes(StandardCharsets.UTF_8), expected);
    }
}
