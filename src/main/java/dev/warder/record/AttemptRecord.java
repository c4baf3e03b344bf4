package dev.warder.record;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.time.Duration;
import java.util.OptionalInt;
import java.util.function.LongSupplier;

/** What is known so far of one request to the upstream. Thread-safe; the first end counts. */
public final class AttemptRecord {
    private final CredentialUse credential;
    private final LongSupplier nanoTime;
    private final long started;

    @GuardedBy("this")
    private int status;

    @GuardedBy("this")
    private UpstreamAttempt.Outcome outcome = UpstreamAttempt.Outcome.CANCELLED;

    @GuardedBy("this")
    private long ended;

    @GuardedBy("this")
    private boolean over;

    AttemptRecord(CredentialUse credential, LongSupplier nanoTime) {
        this.credential = credential;
        this.nanoTime = nanoTime;
        this.started = nanoTime.getAsLong();
    }

    /** The credential of this request to the upstream. */
    public CredentialUse credential() {
        return credential;
    }

    /** Records that the head of a response has come. */
    public synchronized void responded(int code) {
        status = code;
    }

    /** Records that the whole response was read. */
    public synchronized void whole() {
        end(UpstreamAttempt.Outcome.RESPONDED);
    }

    /** Records that the connection failed. */
    public synchronized void failed() {
        end(status == 0 ? UpstreamAttempt.Outcome.UNANSWERED : UpstreamAttempt.Outcome.BROKEN_OFF);
    }

    /** Records that Warder cancelled it. */
    public synchronized void cancelled() {
        end(UpstreamAttempt.Outcome.CANCELLED);
    }

    @GuardedBy("this")
    private void end(UpstreamAttempt.Outcome how) {
        if (!over) {
            over = true;
            outcome = how;
            ended = nanoTime.getAsLong();
        }
    }

    synchronized UpstreamAttempt completed() {
        return new UpstreamAttempt(
                credential,
                status == 0 ? OptionalInt.empty() : OptionalInt.of(status),
                outcome,
                Duration.ofNanos((over ? ended : nanoTime.getAsLong()) - started));
    }
}
