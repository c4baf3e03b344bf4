package dev.warder.policy.version;

import dev.warder.policy.PolicyVersion;
import dev.warder.policy.TokenOwners;
import java.util.Optional;

/** Keeps the highest version over restarts. Callers wait for a disk or a database. One thread at a time. */
public interface VersionStore {
    /**
     * Keeps this version unless a higher one is kept already, or one with the same number, whatever its contents: of two
     * nodes the first decides what a version contains.
     *
     * @param version the version that this node uses; {@link PolicyVersion#NONE} if it uses none
     * @return the version that is kept now; its number is not lower
     * @throws VersionStoreException if the store cannot be used now
     */
    PolicyVersion raise(PolicyVersion version) throws VersionStoreException;

    /**
     * Keeps the owners of tokens for other nodes, if their version is the one that is kept. A store of one node keeps none.
     *
     * @throws VersionStoreException if the store cannot be used now
     */
    default void keep(TokenOwners owners) throws VersionStoreException {}

    /**
     * The owners of tokens in this version; empty if they are not kept.
     *
     * @throws VersionStoreException if the store cannot be used now
     */
    default Optional<TokenOwners> owners(PolicyVersion version) throws VersionStoreException {
        return Optional.empty();
    }
}
