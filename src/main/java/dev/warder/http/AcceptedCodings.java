package dev.warder.http;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/** Reduces the content codings that a client accepts to those that Warder can read (rule "Content codings"). */
public final class AcceptedCodings {
    private static final String NAME = "accept-encoding";
    private static final String IDENTITY = "identity";
    private static final List<String> READABLE = List.of("gzip", IDENTITY);

    /** A weight of zero excludes the coding (RFC 9110, section 12.4.2). */
    private static final Pattern REFUSED = Pattern.compile("(?i).*;\\s*q\\s*=\\s*0(?:\\.0*)?\\s*");

    private AcceptedCodings() {}

    /**
     * The fields with one {@code Accept-Encoding}, which has what the client named of gzip and identity, with its weights. If
     * it named neither, the response may have no coding.
     */
    public static List<Field> readable(List<Field> fields) {
        var kept = new ArrayList<Field>(fields.size() + 1);
        var codings = new ArrayList<String>();
        for (var field : fields) {
            if (!field.name().equalsIgnoreCase(NAME)) {
                kept.add(field);
            } else {
                for (String coding : field.value().split(",")) {
                    if (isReadable(coding)) {
                        codings.add(coding.strip());
                    }
                }
            }
        }
        kept.add(new Field("Accept-Encoding", codings.isEmpty() ? IDENTITY : String.join(", ", codings)));
        return kept;
    }

    private static boolean isReadable(String coding) {
        int end = coding.indexOf(';');
        String name = end < 0 ? coding : coding.substring(0, end);
        return READABLE.contains(name.strip().toLowerCase(Locale.ROOT))
                && !REFUSED.matcher(coding).matches();
    }
}
