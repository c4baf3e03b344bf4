package dev.warder.reconciliation.report;

import java.util.regex.Pattern;

/** The name under which both sides have a model. */
public final class ModelName {
    private static final Pattern DATE = Pattern.compile("-20[0-9]{6}$");
    private static final Pattern INVISIBLE = Pattern.compile("[\\p{C}\\p{Z}]+");
    private static final int LONGEST = 256;

    private ModelName() {}

    /**
     * Without the date at its end, which an alias does not have: a request without a response has only the alias. Spaces and
     * control characters, which a client may have sent, would make two names look alike. Never empty, since an empty name stands
     * for all models where an administrator chooses.
     */
    public static String of(String name) {
        String visible = INVISIBLE.matcher(name).replaceAll(" ").strip();
        String plain = DATE.matcher(visible).replaceFirst("").strip();
        if (plain.isEmpty()) {
            return "(none)";
        }
        return plain.length() > LONGEST ? plain.substring(0, LONGEST) : plain;
    }
}
