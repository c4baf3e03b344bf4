package dev.warder.policy;

import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * What an entry of the audit is about, without contents. Immutable.
 *
 * @param hash that of the entry
 */
public record AuditChange(long number, String hash, String action, String subject) {
    private static final Pattern LINE = Pattern.compile("([0-9]{1,18}) ([0-9a-f]{64}) (\\S*) (.*)");
    private static final int MOST_NAMED = 20;

    static AuditChange of(AuditEntry entry) {
        return new AuditChange(
                entry.number(),
                entry.hash(),
                entry.item().action(),
                entry.item().subject());
    }

    static Optional<AuditChange> parse(String line) {
        var found = LINE.matcher(line);
        return found.matches()
                ? Optional.of(
                        new AuditChange(Long.parseLong(found.group(1)), found.group(2), found.group(3), found.group(4)))
                : Optional.empty();
    }

    String line() {
        return number + " " + hash + " " + action + " " + subject + "\n";
    }

    /** Says that the database lacks these. */
    public static String text(List<AuditChange> missing) {
        int more = missing.size() - MOST_NAMED;
        return missing.stream()
                .limit(MOST_NAMED)
                .map(each -> each.number() + " " + each.action() + " " + each.subject())
                .collect(Collectors.joining(
                        ", ",
                        "the database has lost entries of the audit that this node has had: ",
                        more > 0 ? " and " + more + " more" : ""));
    }
}
