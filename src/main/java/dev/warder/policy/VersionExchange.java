package dev.warder.policy;

import dev.warder.policy.DatabaseVersions.VersionStoreException;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the version of this node's policy in the database, and reports to the policy the highest version of all nodes, with its
 * owners of tokens, so that a node with an older copy of the file does not admit clients that were removed. Logs where two files
 * of one version differ. While the database cannot be used, the highest version that is known counts. A database that was
 * tampered with can end requests in this way, and permit none.
 *
 * <p>One thread at a time.
 */
public final class VersionExchange {
    private static final Logger LOG = LoggerFactory.getLogger(VersionExchange.class);

    private final LivePolicy live;
    private final DatabaseVersions store;
    private final Runnable file;
    private Policy.Version exchanged = Policy.Version.NONE;
    private boolean fails;
    private boolean outdated;
    private boolean differs;

    /**
     * Creates it; {@link #look} begins. Until the first look has ended, the policy awaits its comparison.
     *
     * @param file reads the policy's file again if it has changed
     */
    public VersionExchange(LivePolicy live, DatabaseVersions store, Runnable file) {
        this.live = live;
        this.store = store;
        this.file = file;
        live.awaitComparison();
    }

    /** Exchanges the versions, and waits for the store; to be called every second. */
    public void look() {
        try {
            exchange();
            report(live.supersededBy());
        } finally {
            live.compared();
        }
    }

    private void exchange() {
        try {
            // Sooner than the next look at all files: what another node needs to notice a new version comes after it.
            file.run();
            var highest = store.raise(live.version());
            if (highest.supersedes(live.version())) {
                // The file of this node may have been replaced at the same time, and not been looked at yet.
                file.run();
            }
            live.usedElsewhere(highest);
            exchangeOwners(highest);
            if (fails) {
                LOG.info("policy.file: the versions of all nodes are known again");
            }
            fails = false;
        } catch (VersionStoreException away) {
            if (!fails) {
                LOG.warn("policy.file: the versions of other nodes are not known: {}", away.getMessage());
            }
            fails = true;
        }
    }

    /** Once for each version: there may be thousands of them, which never change. */
    private void exchangeOwners(Policy.Version highest) throws VersionStoreException {
        if (highest.equals(exchanged)) {
            return;
        }
        var own = live.owners();
        var kept = store.owners(highest);
        if (kept.isPresent()) {
            live.ownedElsewhere(kept.get());
            exchanged = highest;
        } else if (own.version().equals(highest)) {
            store.keep(own);
            exchanged = highest;
        } else {
            // Those of an earlier version may lack clients that this one has.
            live.ownedElsewhere(TokenOwners.NONE);
        }
    }

    private void report(Optional<Policy.Version> elsewhere) {
        var own = live.version();
        boolean differsNow = elsewhere.filter(own::differsFrom).isPresent();
        boolean outdatedNow = elsewhere.isPresent() && !differsNow;
        if (differsNow && !differs) {
            LOG.error(
                    "policy.file: this file with version {} has the SHA-256 {}, and that of another node or of an earlier"
                            + " start has {}; new requests get 503 until the file has a higher version",
                    own.number(),
                    own.sha256(),
                    elsewhere.get().sha256());
        } else if (outdatedNow && !outdated) {
            LOG.warn(
                    "policy.file: version {} is older than version {}, which another node or an earlier start has used;"
                            + " new requests get 503 until the file has that version or a higher one",
                    own.number(),
                    elsewhere.get().number());
        } else if (elsewhere.isEmpty() && (outdated || differs)) {
            LOG.info("policy.file: version {} is the newest; requests are served again", own.number());
        }
        outdated = outdatedNow;
        differs = differsNow;
    }
}
