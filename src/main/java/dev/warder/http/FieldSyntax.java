package dev.warder.http;

import java.util.function.IntPredicate;

/** The syntax of field lines in a message that Warder forwards (RFC 9110, sections 5.1, 5.5 and 5.6.2). */
public final class FieldSyntax {
    private static final String TOKEN_MARKS = "!#$%&'*+-.^_`|~";

    private FieldSyntax() {}

    /** Whether a name is a token. A field with another name cannot be forwarded. */
    public static boolean isToken(String name) {
        return !name.isEmpty() && consistsOf(name, FieldSyntax::isTokenCharacter);
    }

    /** The value with a blank instead of each character that a value must not contain, as RFC 9110 section 5.5 permits. */
    public static String forwardable(String value) {
        if (consistsOf(value, FieldSyntax::isValueCharacter)) {
            return value;
        }
        var cleaned = new StringBuilder(value.length());
        value.chars().forEach(c -> cleaned.append(isValueCharacter(c) ? (char) c : ' '));
        return cleaned.toString();
    }

    /** Whether each character is a permitted one. A loop, since each field of each message comes here. */
    private static boolean consistsOf(String text, IntPredicate permitted) {
        for (int i = 0; i < text.length(); i++) {
            if (!permitted.test(text.charAt(i))) {
                return false;
            }
        }
        return true;
    }

    private static boolean isTokenCharacter(int c) {
        return c >= '0' && c <= '9' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || TOKEN_MARKS.indexOf(c) >= 0;
    }

    private static boolean isValueCharacter(int c) {
        return c == '\t' || c >= ' ' && c <= 0xff && c != 0x7f;
    }
}
