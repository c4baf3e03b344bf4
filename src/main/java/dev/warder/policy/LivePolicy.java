package dev.warder.policy;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.warder.config.InvalidValueException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The policy in use: the one with the highest version of all that were offered, whichever place they came from. A
 * policy is replaced as a whole. Thread-safe.
 */
public final class LivePolicy {
    /** What a policy needs of the place where it is used, in addition to a correct file. Thread-safe. */
    @FunctionalInterface
    public interface Condition {
        /** Throws the reason why this policy cannot be used here. */
        void check(Policy policy) throws InvalidValueException;
    }

    private static final Logger LOG = LoggerFactory.getLogger(LivePolicy.class);

    private final Optional<DefaultBudget> byDefault;
    private final ReentrantLock lock = new ReentrantLock();
    private volatile Policy current = Policy.NOTHING;
    private volatile long highestElsewhere;

    @GuardedBy("lock")
    private byte[] digest = new byte[0];

    @GuardedBy("lock")
    private Condition condition = any -> {};

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

    /** Reports that this version has been used, here or elsewhere; a lower one than before has no effect. */
    public void usedElsewhere(long version) {
        lock.lock();
        try {
            highestElsewhere = Math.max(highestElsewhere, version);
        } finally {
            lock.unlock();
        }
    }

    /**
     * The highest version that was used elsewhere, if it is higher than the one in use: then clients may have been removed
     * that this policy still has, and no request should be admitted by it. Never waits.
     */
    public OptionalLong newerElsewhere() {
        long highest = highestElsewhere;
        return highest > current.version() ? OptionalLong.of(highest) : OptionalLong.empty();
    }

    /**
     * Requires this of the policy in use, and of each that is offered later.
     *
     * @throws InvalidValueException with the reason why the policy in use does not meet it
     */
    public void require(Condition required) throws InvalidValueException {
        lock.lock();
        try {
            required.check(current);
            condition = required;
        } finally {
            lock.unlock();
        }
    }

    /**
     * Puts a content of {@code policy.file} into use, unless it cannot be read, does not meet what is required, has a
     * lower version than the one in use, or has the same version although it differs. It is a parser for a file that is
     * watched.
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
            condition.check(offered);
            digest = its;
            current = offered;
            log(before, offered);
            return offered;
        } finally {
            lock.unlock();
        }
    }

    private static void log(Policy before, Policy after) {
        if (before.version() > 0) {
            LOG.info("policy.file: version {} replaces version {}", after.version(), before.version());
        } else {
            LOG.info("policy.file: version {} is in use", after.version());
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
