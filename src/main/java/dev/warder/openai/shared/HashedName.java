package dev.warder.openai.shared;

import dev.warder.http.Sha256;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/** Names to send in place of those that the API does not accept, or that another tool or property has. Thread-safe. */
public final class HashedName {
    private static final Pattern NOT_ACCEPTED = Pattern.compile("[^a-zA-Z0-9_-]");

    private HashedName() {}

    /**
     * The beginning of a name and a hash of the seed, which are the same in each request.
     *
     * @param longest characters of the beginning, at most
     * @param bytes of the hash, two hexadecimal digits for each
     * @param isFree refuses names that are in use; further hashes of the seed are tried until it accepts one
     */
    public static String of(String name, String seed, int longest, int bytes, Predicate<String> isFree) {
        String beginning = NOT_ACCEPTED
                        .matcher(name.substring(0, Math.min(name.length(), longest)))
                        .replaceAll("_")
                + "_";
        String sent = beginning + Sha256.hex(seed, bytes);
        for (int i = 0; !isFree.test(sent); i++) {
            sent = beginning + Sha256.hex(i + seed, bytes);
        }
        return sent;
    }
}
