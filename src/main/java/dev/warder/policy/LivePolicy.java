package dev.warder.policy;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.warder.config.InvalidValueException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Optional;
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

    private record InUse(Policy policy, PolicyVersion version) {}

    private static final Logger LOG = LoggerFactory.getLogger(LivePolicy.class);

    private final Optional<DefaultBudget> byDefault;
    private final ReentrantLock lock = new ReentrantLock();
    private volatile InUse inUse = new InUse(Policy.NOTHING, PolicyVersion.NONE);
    private volatile PolicyVersion highestElsewhere = PolicyVersion.NONE;
    private volatile TokenOwners ownersElsewhere = TokenOwners.NONE;
    private volatile boolean compared = true;

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
        return inUse.policy();
    }

    /** The version of the policy in use, with the digest of its file; never waits. */
    public PolicyVersion version() {
        return inUse.version();
    }

    /** Which access token belongs to which client in the policy in use; never waits. */
    public TokenOwners owners() {
        InUse now = inUse;
        return now.policy().owners(now.version());
    }

    /** Announces {@link #compared}: until then an older file than that of other nodes may be in use. */
    public void awaitComparison() {
        compared = false;
    }

    /** Reports that the version in use was compared with those elsewhere, or that this is not possible now. */
    public void compared() {
        compared = true;
    }

    /** Whether a comparison was announced and has not ended: no request should be admitted yet. Never waits. */
    public boolean awaitsComparison() {
        return !compared;
    }

    /**
     * Reports that this version has been used, here or elsewhere. A lower one than before has no effect. One with the same
     * number replaces the one before.
     */
    public void usedElsewhere(PolicyVersion version) {
        lock.lock();
        try {
            if (version.number() >= highestElsewhere.number()) {
                highestElsewhere = version;
            }
        } finally {
            lock.unlock();
        }
    }

    /**
     * The highest version that was used elsewhere, if it is higher than the one in use or differs from it: then clients may
     * have been removed that this policy still has, and no request should be admitted by it. Never waits.
     */
    public Optional<PolicyVersion> supersededBy() {
        PolicyVersion highest = highestElsewhere;
        return highest.supersedes(inUse.version()) ? Optional.of(highest) : Optional.empty();
    }

    /** Reports which token belongs to which client in a version that has been used, here or elsewhere. */
    public void ownedElsewhere(TokenOwners owners) {
        ownersElsewhere = owners;
    }

    /**
     * Whether a version that supersedes the one in use is known to have removed the client, or to have given its token to
     * another one. Never waits.
     */
    public boolean isRemovedElsewhere(String tokenName, String client) {
        TokenOwners owners = ownersElsewhere;
        return owners.version().supersedes(inUse.version()) && !owners.has(tokenName, client);
    }

    /**
     * Requires this of the policy in use, and of each that is offered later.
     *
     * @throws InvalidValueException with the reason why the policy in use does not meet it
     */
    public void require(Condition required) throws InvalidValueException {
        lock.lock();
        try {
            required.check(inUse.policy());
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
        var its = new PolicyVersion(offered.version(), sha256(content));
        lock.lock();
        try {
            InUse before = inUse;
            if (its.number() < before.version().number()) {
                throw new InvalidValueException("version: is " + its.number()
                        + ", which is lower than the version in use, "
                        + before.version().number());
            }
            if (its.differsFrom(before.version())) {
                throw new InvalidValueException(
                        "version: is that of the policy in use, which differs; each change needs a higher one");
            }
            if (its.equals(before.version())) {
                return before.policy();
            }
            condition.check(offered);
            inUse = new InUse(offered, its);
            log(before.policy(), offered);
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

    private static String sha256(byte[] content) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(content));
        } catch (NoSuchAlgorithmException impossible) {
            // Every Java platform has it (MessageDigest's documentation).
            throw new IllegalStateException(impossible);
        }
    }
}
