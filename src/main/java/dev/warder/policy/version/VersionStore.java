package dev.warder.policy.version;

/** Keeps the highest version over restarts. Callers wait for a disk or a database. One thread at a time. */
public interface VersionStore {
    /**
     * Keeps this version unless a higher one is kept already.
     *
     * @param version the version that this node uses; 0 if it uses none
     * @return the highest version that is kept now
     * @throws VersionStoreException if the store cannot be used now
     */
    long raise(long version) throws VersionStoreException;
}
