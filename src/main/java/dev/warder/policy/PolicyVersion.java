package dev.warder.policy;

import java.util.regex.Pattern;

/**
 * The identity of the policy in use: two files with the same number may differ.
 *
 * @param number the version that the file states; 0 for no policy
 * @param sha256 the SHA-256 of the whole file, as 64 lower-case hexadecimal digits; empty for no policy
 */
public record PolicyVersion(long number, String sha256) {
    /** Before the constant, whose constructor uses it. */
    private static final Pattern SHA256 = Pattern.compile("([0-9a-f]{64})?");

    public static final PolicyVersion NONE = new PolicyVersion(0, "");

    /** Refuses a negative number, and what is no SHA-256. */
    public PolicyVersion {
        if (number < 0 || !SHA256.matcher(sha256).matches()) {
            throw new IllegalArgumentException("not a version of a policy");
        }
    }

    /** Whether clients that {@code other} has may be removed in this version: it is higher, or has other contents. */
    public boolean supersedes(PolicyVersion other) {
        return number > other.number || differsFrom(other);
    }

    public boolean differsFrom(PolicyVersion other) {
        return number == other.number && !sha256.equals(other.sha256);
    }
}
