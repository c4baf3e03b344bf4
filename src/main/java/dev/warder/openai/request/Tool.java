package dev.warder.openai;

import java.util.regex.Pattern;

/** How a tool may be called in the Messages API. */
final class ToolName {
    private static final Pattern NAME = Pattern.compile("[a-zA-Z0-9_-]{1,128}");

    private ToolName() {}

    static boolean isName(String name) {
        return NAME.matcher(name).matches();
    }

    /** Refuses the member {@code name} of {@code owner} unless it is one. */
    static void check(Members owner, String name) throws RefusedException {
        if (!isName(name)) {
            throw owner.refused("name", "must be 1 to 128 letters, digits, _ and -.");
        }
    }
}
