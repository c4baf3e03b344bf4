package dev.warder.reconcile;

import java.time.LocalDate;
import java.util.regex.Pattern;

/**
 * Identifies a line of a comparison. Immutable.
 *
 * @param day in UTC
 * @param model the name by {@link #modelName}
 * @param credential the name of a managed credential, which is not its value
 */
public record LineId(LocalDate day, String model, String credential) {
    private static final Pattern DATE = Pattern.compile("-20[0-9]{6}$");
    private static final Pattern INVISIBLE = Pattern.compile("[\\p{C}\\p{Z}]+");
    private static final int LONGEST = 256;

    /**
     * The name under which both sides have a model: without the date at its end, which an alias does not have, since a request
     * without a response has only the alias. Spaces and control characters, which a client may have sent, would make two names
     * look alike. Never empty.
     */
    static String modelName(String name) {
        String visible = INVISIBLE.matcher(name).replaceAll(" ").strip();
        String plain = DATE.matcher(visible).replaceFirst("").strip();
        if (plain.isEmpty()) {
            return "(none)";
        }
        return plain.length() > LONGEST ? plain.substring(0, LONGEST) : plain;
    }

    @Override
    public String toString() {
        return day + " " + model + " by " + credential;
    }
}
