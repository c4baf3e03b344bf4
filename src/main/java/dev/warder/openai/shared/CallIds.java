package dev.warder.openai.shared;

import dev.warder.http.Sha256;
import java.util.HashSet;
import java.util.Set;
import java.util.regex.Pattern;

/** The ids that are sent for the tool calls of one conversation, each once. One thread at a time. */
public final class CallIds {
    private static final Pattern ACCEPTED = Pattern.compile("[a-zA-Z0-9_-]{1,256}");

    private final Set<String> given = new HashSet<>();

    public String give(String id, String path) {
        String sent = ACCEPTED.matcher(id).matches() ? id : hashed(id);
        if (!given.add(sent)) {
            // Some clients restart the count of calls in each turn; the API requires ids that are unique in the
            // conversation.
            sent = hashed(path + " " + id);
            given.add(sent);
        }
        return sent;
    }

    private static String hashed(String text) {
        return "call_" + Sha256.hex(text).substring(0, 32);
    }
}
