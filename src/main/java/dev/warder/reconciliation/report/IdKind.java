package dev.warder.reconciliation.report;

import java.util.Arrays;
import java.util.Optional;
import java.util.regex.Pattern;

/** What an id in Anthropic's reports identifies. */
enum IdKind {
    /** An API key. */
    API_KEY("apikey_", "api_key_id"),
    /** The account of a login by OAuth, whose requests have no API key. */
    ACCOUNT("user_", "account_id"),
    /** The service account of a workload identity, whose requests have no API key. */
    SERVICE_ACCOUNT("svac_", "service_account_id");

    private static final Pattern REST = Pattern.compile("[0-9A-Za-z]{1,64}");

    private final String prefix;
    private final String member;

    IdKind(String prefix, String member) {
        this.prefix = prefix;
        this.member = member;
    }

    /** The kind of an id; empty for a text that is none. */
    static Optional<IdKind> of(String id) {
        return Arrays.stream(values())
                .filter(kind -> id.startsWith(kind.prefix)
                        && REST.matcher(id.substring(kind.prefix.length())).matches())
                .findFirst();
    }

    /** The member of a result that has the id, by which a report can be grouped. */
    String member() {
        return member;
    }

    /** The parameter that restricts a report to some ids. */
    String filter() {
        return member + "s";
    }
}
