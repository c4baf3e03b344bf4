package dev.warder.policy;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.warder.config.InvalidValueException;
import dev.warder.http.Sha256;
import java.util.Collections;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The policy in use: what {@code policy.file} contains in its highest version that was offered, or the newest objects of the
 * database. A policy is replaced as a whole. Thread-safe.
 */
public final class LivePolicy {
    /** The requirement of a policy's place of use, in addition to a correct file. Thread-safe. */
    @FunctionalInterface
    public interface Condition {
        /** Throws the reason why this policy cannot be used here. */
        void check(Policy policy) throws InvalidValueException;
    }

    /**
     * Objects of the database as a policy. Immutable.
     *
     * @param unusable the objects that are no part of it, with the reason
     */
    public record Read(Policy policy, SortedMap<PolicyName, String> unusable) {
        public Read {
            unusable = Collections.unmodifiableSortedMap(new TreeMap<>(unusable));
        }

        /** The first objects in words, with the reasons, and how many more there are. */
        public static String named(SortedMap<PolicyName, String> objects, int most) {
            var shown = objects.entrySet().stream()
                    .limit(most)
                    .map(each -> each.getKey() + " (" + each.getValue() + ")")
                    .collect(Collectors.joining("; "));
            return objects.size() > most ? shown + "; and " + (objects.size() - most) + " more" : shown;
        }
    }

    /**
     * The policy in use.
     *
     * @param version of the file
     * @param stored empty until the database has been read
     */
    private record InUse(Read read, Policy.Version version, Optional<StoredPolicy> stored) {
        Policy policy() {
            return read.policy();
        }
    }

    private static final int MOST_NAMED = 20;
    private static final Logger LOG = LoggerFactory.getLogger(LivePolicy.class);

    private final Optional<DefaultBudget> byDefault;
    private final boolean ofDatabase;

    private volatile InUse inUse =
            new InUse(new Read(Policy.NOTHING, new TreeMap<>()), Policy.Version.NONE, Optional.empty());

    private volatile Policy.Version highestElsewhere = Policy.Version.NONE;
    private volatile TokenOwners ownersElsewhere = TokenOwners.NONE;
    private volatile boolean compared = true;

    @GuardedBy("this")
    private Condition condition = any -> {};

    private LivePolicy(Optional<DefaultBudget> byDefault, boolean ofDatabase) {
        this.byDefault = byDefault;
        this.ofDatabase = ofDatabase;
    }

    /**
     * Creates it without a policy, for one of a file: no token belongs to a client.
     *
     * @param byDefault what holds for clients that no budget limits; empty if the operator has not decided
     */
    public LivePolicy(Optional<DefaultBudget> byDefault) {
        this(byDefault, false);
    }

    public static LivePolicy ofDatabase(Optional<DefaultBudget> byDefault) {
        return new LivePolicy(byDefault, true);
    }

    /** The policy in use; never waits. */
    public Policy current() {
        return inUse.policy();
    }

    /** The version of the file in use, with the digest of its content; never waits. */
    public Policy.Version version() {
        return inUse.version();
    }

    /** The objects of the database that are no part of the policy in use, with the reason; never waits. */
    public SortedMap<PolicyName, String> unusable() {
        return inUse.read().unusable();
    }

    /** Whether the database has not been read since the start: no request should be admitted yet. Never waits. */
    public boolean awaitsDatabase() {
        return ofDatabase && inUse.stored().isEmpty();
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
    public synchronized void usedElsewhere(Policy.Version version) {
        if (version.number() >= highestElsewhere.number()) {
            boolean isHigher = version.number() > highestElsewhere.number();
            highestElsewhere = version;
            if (isHigher && ofDatabase) {
                // The number of the policy depends on it.
                inUse.stored().ifPresent(this::accept);
            }
        }
    }

    /**
     * The highest version that was used elsewhere, if it is higher than the one in use or differs from it: then clients may
     * have been removed that this policy still has, and no request should be admitted by it. Never waits.
     */
    public Optional<Policy.Version> supersededBy() {
        Policy.Version highest = highestElsewhere;
        return !ofDatabase && highest.supersedes(inUse.version()) ? Optional.of(highest) : Optional.empty();
    }

    /** Reports which token belongs to which client in a version that has been used, here or elsewhere. */
    public void ownedElsewhere(TokenOwners owners) {
        ownersElsewhere = owners;
    }

    /**
     * Whether a version that supersedes the file in use is known to have removed the client, or to have given its token to
     * another one. Never waits.
     */
    public boolean isRemovedElsewhere(String tokenName, String client) {
        TokenOwners owners = ownersElsewhere;
        return !ofDatabase && owners.version().supersedes(inUse.version()) && !owners.has(tokenName, client);
    }

    /**
     * Requires this of the policy in use, and of each that is offered later.
     *
     * @throws InvalidValueException with the reason why the policy in use does not meet it
     */
    public synchronized void require(Condition required) throws InvalidValueException {
        required.check(inUse.policy());
        condition = required;
    }

    /**
     * Puts a content of {@code policy.file} into use, unless it cannot be read, does not meet what is required, has a lower
     * version than the one in use, or has the same version although it differs. It is a parser for a file that is watched.
     *
     * @param content the whole file
     * @return the policy in use
     * @throws InvalidValueException with the reason why the policy in use stays as it was
     */
    public Policy accept(byte[] content) throws InvalidValueException {
        var policy = PolicyFile.parse(content, byDefault);
        return use(policy, new Policy.Version(policy.version(), Sha256.hex(content)));
    }

    private synchronized Policy use(Policy policy, Policy.Version its) throws InvalidValueException {
        InUse before = inUse;
        checkOrder(its, before.version());
        if (its.equals(before.version())) {
            return before.policy();
        }
        condition.check(policy);
        inUse = new InUse(new Read(policy, new TreeMap<>()), its, Optional.empty());
        log(before.version(), its);
        return policy;
    }

    private static void checkOrder(Policy.Version its, Policy.Version before) throws InvalidValueException {
        if (its.number() < before.number()) {
            throw new InvalidValueException(
                    "version: is " + its.number() + ", which is lower than the version in use, " + before.number());
        }
        if (its.differsFrom(before)) {
            throw new InvalidValueException(
                    "version: is that of the policy in use, which differs; each change needs a higher one");
        }
    }

    /** Puts what the database has into use. Objects that do not fit are left out. */
    public synchronized void accept(StoredPolicy stored) {
        var read = read(stored);
        warn(read.unusable(), inUse.read().unusable());
        inUse = new InUse(read, Policy.Version.NONE, Optional.of(stored));
    }

    /**
     * The policy that this content of the database would make; nothing is put into use. Its number is one that each change
     * makes higher, on all nodes alike. The highest version of a file that there was is a part of it: the number must not
     * fall when a file was taken over, since budgets follow the highest.
     */
    public Read read(StoredPolicy stored) {
        return PolicyReader.read(stored.objects().values(), byDefault, highestElsewhere.number() + stored.revision());
    }

    private static void warn(SortedMap<PolicyName, String> unusable, SortedMap<PolicyName, String> before) {
        var added = new TreeMap<>(unusable);
        added.keySet().removeAll(before.keySet());
        if (!added.isEmpty()) {
            LOG.warn("these objects of the policy in the database are not used: {}", Read.named(added, MOST_NAMED));
        }
    }

    private static void log(Policy.Version before, Policy.Version after) {
        if (before.number() > 0) {
            LOG.info("policy.file: version {} replaces version {}", after.number(), before.number());
        } else {
            LOG.info("policy.file: version {} is in use", after.number());
        }
    }
}
