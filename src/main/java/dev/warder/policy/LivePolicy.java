package dev.warder.policy;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.warder.config.InvalidValueException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The policy in use: the one with the highest version of all that were offered, whichever place they came from. A policy is
 * replaced as a whole: a request that has begun with one ends with it. Thread-safe.
 */
public final class LivePolicy {
    private final Optional<DefaultBudget> byDefault;
    private final ReentrantLock lock = new ReentrantLock();
    private volatile Policy current = Policy.NOTHING;

    @GuardedBy("lock")
    private byte[] digest = new byte[0];

    /**
     * Creates it without a policy: no token belongs to a client.
     *
     * @param byDefault what holds for clients that no budget limits; empty if the operator has not decided
     */
    public LivePolicy(Optional<DefaultBudget> byDefault) {
        this.byDefault = byDefault;
    }

    /** The policy in use; never waits. */
    public Policy current() {
        return current;
    }

    /**
     * Puts a content of {@code policy.file} into use, unless it cannot be read, or has a lower version than the one in use, or
     * the same version although it differs. It is a parser for a file that is watched.
     *
     * @param content the whole file
     * @return the policy in use
     * @throws InvalidValueException with the reason why the policy in use stays as it was
     */
    public Policy accept(byte[] content) throws InvalidValueException {
        Policy offered = PolicyFile.parse(content, byDefault);
        byte[] its = sha256(content);
        lock.lock();
        try {
            Policy before = current;
            if (offered.version() < before.version()) {
                throw new InvalidValueException("version: is " + offered.version()
                        + ", which is lower than the version in use, " + before.version());
            }
            if (offered.version() == before.version()) {
                requireSame(its);
                return before;
            }
            digest = its;
            current = offered;
            return offered;
        } finally {
            lock.unlock();
        }
    }

    @GuardedBy("lock")
    private void requireSame(byte[] its) throws InvalidValueException {
        if (!MessageDigest.isEqual(its, digest)) {
            throw new InvalidValueException(
                    "version: is that of the policy in use, which differs; each change needs a higher one");
        }
    }

    private static byte[] sha256(byte[] content) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(content);
        } catch (NoSuchAlgorithmException impossible) {
            // Every Java platform has it (MessageDigest's documentation).
            throw new IllegalStateException(impossible);
        }
    }
}
