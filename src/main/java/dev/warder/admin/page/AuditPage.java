package dev.warder.admin.page;

import dev.warder.config.InvalidValueException;
import dev.warder.json.JsonTree;
import dev.warder.policy.AuditEntry;
import jakarta.json.JsonObject;
import jakarta.json.JsonValue;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The page of the audit. Immutable.
 *
 * @param counts how many entries there are, in words
 * @param next the number of the last entry; empty if there is no further page
 */
public record AuditPage(
        PageRequest request,
        Paging paging,
        Optional<AuditVerification> verified,
        String counts,
        List<AuditEntry> entries,
        Optional<String> next) {
    /** Fewer than in other lists: an entry may have two definitions. */
    private static final int ROWS = 50;

    static PageReply of(ObjectForms forms) throws InvalidValueException, SQLException {
        var request = forms.request();
        var paging = Paging.of(request, "");
        if (!paging.after().isEmpty()
                && !ObjectForms.NUMBER.matcher(paging.after()).matches()) {
            throw Paging.refusal();
        }
        long before = paging.after().isEmpty() ? Long.MAX_VALUE : Long.parseLong(paging.after());
        var found = forms.administration().auditBefore(before, paging.part(), ROWS + 1);
        boolean hasMore = found.entries().size() > ROWS;
        var entries = hasMore ? found.entries().subList(0, ROWS) : found.entries();
        var next = hasMore ? Optional.of(Long.toString(entries.get(ROWS - 1).number())) : Optional.<String>empty();
        String counts = Shown.count(found.found(), "entry", "entries")
                + (paging.part().isEmpty() ? "" : " found") + ", the latest first";
        var verified = request.form().isPresent()
                ? Optional.of(AuditVerification.of(
                        forms.administration(), request.form().get(), forms.goesOn()))
                : Optional.<AuditVerification>empty();
        return PageReply.shown(200, "audit", new AuditPage(request, paging, verified, counts, entries, next));
    }

    /**
     * The change of an entry, in pieces.
     *
     * @param number of the entry
     */
    public record Difference(long number, String summary, List<Piece> pieces) {
        /**
         * A content that was added or removed.
         *
         * @param member its name, before the first of its pieces; otherwise empty
         * @param old whether it was removed
         * @param cut whether the export has more of it
         */
        public record Piece(String member, boolean old, String text, boolean cut) {
            /** The most characters of one content. */
            private static final int LONGEST = 4000;

            static Piece of(String member, boolean old, String text) {
                boolean isLong = text.length() > LONGEST;
                return new Piece(member, old, isLong ? text.substring(0, LONGEST) + "\u2026" : text, isLong);
            }
        }

        public static Difference of(AuditEntry entry) {
            String before = entry.item().before();
            String after = entry.item().after();
            if (before.isEmpty() || after.isEmpty()) {
                String summary = before.isEmpty() ? "New content" : "Old content";
                var piece = Piece.of("", !before.isEmpty(), PrettyJson.of(before + after));
                return new Difference(entry.number(), summary, List.of(piece));
            }
            var one = JsonTree.parseObject(before).orElse(JsonObject.EMPTY_JSON_OBJECT);
            var other = JsonTree.parseObject(after).orElse(JsonObject.EMPTY_JSON_OBJECT);
            var members = new TreeSet<>(one.keySet());
            members.addAll(other.keySet());
            members.removeIf(name -> Objects.equals(one.get(name), other.get(name)));
            var pieces = new ArrayList<Piece>();
            for (var member : members) {
                String title = DefinitionText.cut(member);
                add(pieces, title, true, one.get(member));
                add(pieces, one.containsKey(member) ? "" : title, false, other.get(member));
            }
            String summary = members.isEmpty() ? "No difference" : DefinitionText.cut(String.join(", ", members));
            return new Difference(entry.number(), summary, pieces);
        }

        private static void add(List<Piece> pieces, String title, boolean old, @Nullable JsonValue value) {
            if (value != null) {
                pieces.add(Piece.of(title, old, PrettyJson.of(value)));
            }
        }
    }
}
