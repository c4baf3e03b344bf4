package dev.warder.policy;

/**
 * Identifies a content of the database. The number alone does not: a database that was restored from a backup counts again from a
 * lower number. Immutable.
 *
 * @param revision the number of changes that were made before; 0 for none
 * @param entries the number of the last entry of the audit; 0 for none
 * @param hash the hash of that entry; empty for none
 */
public record PolicyHead(long revision, long entries, String hash) {
    public static final PolicyHead NONE = new PolicyHead(0, 0, "");
}
