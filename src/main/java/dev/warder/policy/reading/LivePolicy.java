package dev.warder.policy.reading;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.warder.config.InvalidValueException;
import dev.warder.digest.Sha256;
import dev.warder.policy.Policy;
import dev.warder.policy.PolicyVersion;
import dev.warder.policy.TokenOwners;
import dev.warder.policy.store.PolicyName;
import dev.warder.policy.store.StoredObject;
import dev.warder.policy.store.StoredPolicy;
import jakarta.json.JsonObject;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The policy in use: what {@code policy.file} contains in its highest version that was offered, together with the newest
 * objects of the database. A policy is replaced as a whole. Thread-safe.
 */
public final class LivePolicy {
    /** What a policy needs of the place where it is used, in addition to a correct file. Thread-safe. */
    @FunctionalInterface
    public interface Condition {
        /** Throws the reason why this policy cannot be used here. */
        void check(Policy policy) throws InvalidValueException;
    }

    /** From which places a policy is read. */
    public enum Sources {
        /** {@code policy.file}. */
        FILE,
        /** The database. */
        DATABASE,
        /** Both. */
        FILE_AND_DATABASE
    }

    /**
     * What is in use.
     *
     * @param version of the file
     * @param file its content, if there are objects of the database too, with which it is read again
     * @param stored empty until the database has been read
     */
    private record InUse(ReadPolicy read, PolicyVersion version, Optional<byte[]> file, Optional<StoredPolicy> stored) {
        Policy policy() {
            return read.policy();
        }
    }

    private static final Logger LOG = LoggerFactory.getLogger(LivePolicy.class);

    private final Optional<DefaultBudget> byDefault;
    private final Sources sources;
    private final ReentrantLock lock = new ReentrantLock();
    private volatile InUse inUse = new InUse(
            new ReadPolicy(Policy.NOTHING, new TreeMap<>()), PolicyVersion.NONE, Optional.empty(), Optional.empty());
    private volatile PolicyVersion highestElsewhere = PolicyVersion.NONE;
    private volatile TokenOwners ownersElsewhere = TokenOwners.NONE;
    private volatile boolean compared = true;

    @GuardedBy("lock")
    private Condition condition = any -> {};

    /**
     * Creates it without a policy, for one of a file: no token belongs to a client.
     *
     * @param byDefault what holds for clients that no budget limits; empty if the operator has not decided
     */
    public LivePolicy(Optional<DefaultBudget> byDefault) {
        this(byDefault, Sources.FILE);
    }

    /** The same, for a policy of these sources. */
    public LivePolicy(Optional<DefaultBudget> byDefault, Sources sources) {
        this.byDefault = byDefault;
        this.sources = sources;
    }

    /** The policy in use; never waits. */
    public Policy current() {
        return inUse.policy();
    }

    /** The version of the file in use, with the digest of its content; never waits. */
    public PolicyVersion version() {
        return inUse.version();
    }

    /** The objects of the database that are no part of the policy in use, with the reason; never waits. */
    public SortedMap<PolicyName, String> unusable() {
        return inUse.read().unusable();
    }

    /** Whether the database has not been read since the start: no request should be admitted yet. Never waits. */
    public boolean awaitsDatabase() {
        return sources != Sources.FILE && inUse.stored().isEmpty();
    }

    /**
     * The objects of the file in use, as JSON objects; empty without a file, and where there are none of a database. Reads the
     * file again.
     */
    public SortedMap<PolicyName, String> fileObjects() {
        return inUse.file().map(FileObjects::of).orElseGet(TreeMap::new);
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
                boolean isHigher = version.number() > highestElsewhere.number();
                highestElsewhere = version;
                if (isHigher && sources == Sources.DATABASE) {
                    // The number of the policy depends on it.
                    inUse.stored().ifPresent(this::accept);
                }
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
        return sources != Sources.DATABASE && highest.supersedes(inUse.version())
                ? Optional.of(highest)
                : Optional.empty();
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
     * Puts a content of {@code policy.file} into use, unless it cannot be read, does not meet what is required, makes an object
     * of the database unusable, has a lower version than the one in use, or has the same version although it differs. It is a
     * parser for a file that is watched.
     *
     * @param content the whole file
     * @return the policy in use
     * @throws InvalidValueException with the reason why the policy in use stays as it was
     */
    public Policy accept(byte[] content) throws InvalidValueException {
        var document = PolicyFile.document(content);
        var its = new PolicyVersion(PolicyReader.version(document), Sha256.hex(content));
        lock.lock();
        try {
            InUse before = inUse;
            var read = read(Optional.of(document), its, before.stored());
            PolicyChecks.order(its, before.version());
            if (its.equals(before.version())) {
                return before.policy();
            }
            PolicyChecks.clash(read.unusableSince(before.read().unusable()));
            PolicyChecks.returns(before.read().unusable(), read.unusable());
            condition.check(read.policy());
            inUse = new InUse(
                    read, its, sources == Sources.FILE ? Optional.empty() : Optional.of(content), before.stored());
            log(before.version(), its);
            return read.policy();
        } finally {
            lock.unlock();
        }
    }

    /** Puts what the database has into use, together with the file. Objects that do not fit are left out. */
    public void accept(StoredPolicy stored) {
        lock.lock();
        try {
            InUse before = inUse;
            var read = read(document(before.file()), before.version(), Optional.of(stored));
            inUse = new InUse(read, before.version(), before.file(), Optional.of(stored));
            warn(read.unusableSince(before.read().unusable()));
        } catch (InvalidValueException impossible) {
            // The file was read before, and its problems do not depend on the database.
            throw new IllegalStateException(impossible);
        } finally {
            lock.unlock();
        }
    }

    /** Whether an object is unusable because the file has it too. */
    public static boolean isClash(String reason) {
        return reason.equals(PolicyReader.OF_FILE);
    }

    /** Which objects would be unusable in this content of the database, with the reason; nothing is put into use. */
    public SortedMap<PolicyName, String> unusableIn(StoredPolicy stored) {
        return readIn(stored).unusable();
    }

    /** The policy that this content of the database would make; nothing is put into use. */
    public Policy policyIn(StoredPolicy stored) {
        return readIn(stored).policy();
    }

    private ReadPolicy readIn(StoredPolicy stored) {
        InUse now = inUse;
        try {
            return read(document(now.file()), now.version(), Optional.of(stored));
        } catch (InvalidValueException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    private ReadPolicy read(Optional<JsonObject> file, PolicyVersion its, Optional<StoredPolicy> stored)
            throws InvalidValueException {
        Collection<StoredObject> objects =
                stored.map(each -> each.objects().values()).orElse(List.of());
        return PolicyReader.read(file, objects, byDefault, number(its, stored));
    }

    /**
     * A number that each change of file and database makes higher, on all nodes alike. Without a file the highest version
     * counts that there was: the number must not fall when the file is removed, since budgets follow the highest.
     */
    private long number(PolicyVersion its, Optional<StoredPolicy> stored) {
        return sources == Sources.FILE
                ? its.number()
                : (sources == Sources.DATABASE ? highestElsewhere.number() : its.number())
                        + stored.map(StoredPolicy::revision).orElse(0L);
    }

    private static Optional<JsonObject> document(Optional<byte[]> file) throws InvalidValueException {
        return file.isPresent() ? Optional.of(PolicyFile.document(file.get())) : Optional.empty();
    }

    private static void warn(SortedMap<PolicyName, String> unusable) {
        if (!unusable.isEmpty()) {
            LOG.warn("these objects of the policy in the database are not used: {}", PolicyChecks.listed(unusable));
        }
    }

    private static void log(PolicyVersion before, PolicyVersion after) {
        if (before.number() > 0) {
            LOG.info("policy.file: version {} replaces version {}", after.number(), before.number());
        } else {
            LOG.info("policy.file: version {} is in use", after.number());
        }
    }
}
