package dev.warder.cli.admin;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What has a definition in the policy. Immutable.
 *
 * @param kind such as {@code client}
 * @param name empty for the organization and for sessions
 */
record AdminOwner(String kind, String name) {
    /** What may have budgets, in the order of lists. */
    static final List<String> WITH_BUDGETS = List.of("organization", "team", "client", "tag", "model", "sessions");

    /** What may have rate limits, in the order of lists. */
    static final List<String> WITH_LIMITS = List.of("organization", "team", "client", "model");

    private static final Set<String> SINGLE = Set.of("organization", "sessions");
    private static final Set<String> PRINCIPALS = Set.of("client", "team");
    /** What the gateway never accepts as an escape, in addition to letters and digits. */
    private static final String LITERAL = "-._~!$&'()*+,=:@/";

    /** Reads an owner; empty if the text has another form. */
    static Optional<AdminOwner> parse(String text, List<String> kinds) {
        int slash = text.indexOf('/');
        var owner = slash < 0
                ? new AdminOwner(text, "")
                : new AdminOwner(text.substring(0, slash), text.substring(slash + 1));
        return Optional.of(owner)
                .filter(each -> kinds.contains(each.kind()))
                .filter(each -> isSingle(each.kind()) ? slash < 0 : !each.name().isEmpty());
    }

    /** How an owner of these kinds is written. */
    static String forms(List<String> kinds) {
        return String.join(
                ", ",
                kinds.stream()
                        .map(kind -> isSingle(kind) ? kind : kind + "/NAME")
                        .toList());
    }

    /** Whether there is only one object of this kind. */
    static boolean isSingle(String kind) {
        return SINGLE.contains(kind);
    }

    /** The path of all objects of a kind, below {@code /admin/api/}. */
    static String collection(String kind) {
        return kind + "s";
    }

    /** The path below {@code /admin/api/}. */
    String path() {
        return isSingle(kind) ? kind : collection(kind) + "/" + escaped(name);
    }

    /** Whether it exists for its budgets and limits only. */
    boolean isOnlyForBudgets() {
        return !PRINCIPALS.contains(kind);
    }

    /** Kind and name, as budgets and the audit show them. */
    String text() {
        return isSingle(kind) ? kind : kind + "/" + name;
    }

    /** A name as a part of a path, with only those escapes that a gateway accepts in a canonical path. */
    static String escaped(String name) {
        var escaped = new StringBuilder();
        for (byte each : name.getBytes(StandardCharsets.UTF_8)) {
            char c = (char) (each & 0xff);
            boolean isLiteral = c < 0x80 && (Character.isLetterOrDigit(c) || LITERAL.indexOf(c) >= 0);
            escaped.append(isLiteral ? String.valueOf(c) : "%%%02X".formatted((int) c));
        }
        return escaped.toString();
    }

    @Override
    public String toString() {
        return text();
    }
}
