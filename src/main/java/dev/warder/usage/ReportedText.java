package dev.warder.usage;

import dev.warder.json.JsonTree;
import jakarta.json.JsonObject;
import java.util.Optional;

/** Short texts that the upstream reports. A row is stored for a long time, so that no text may be of any length. */
final class ReportedText {
    private static final int MOST = 256;

    private ReportedText() {}

    /** The text of a member, cut to 256 characters; empty if there is none or it has no character. */
    static Optional<String> of(JsonObject parent, String name) {
        String text = JsonTree.text(parent, name);
        return text.isEmpty() ? Optional.empty() : Optional.of(cut(text));
    }

    /** The first 256 characters. */
    static String cut(String text) {
        return text.length() <= MOST ? text : text.substring(0, MOST);
    }
}
