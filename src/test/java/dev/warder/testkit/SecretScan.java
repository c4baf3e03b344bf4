package dev.warder.testkit;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Collection;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * Looks for planted secrets in any text: as they are, in Base64 (also amid other bytes), in hex, URL-encoded, and escaped
 * for JSON and HTML. A find names the place in the list and the form, never the secret. Immutable; thread-safe.
 */
public final class SecretScan {
    private final Map<String, String> forms = new LinkedHashMap<>();

    /** Looks for these; a secret shorter than 8 characters would be found everywhere and is refused. */
    public SecretScan(Collection<String> secrets) {
        var place = 1;
        for (var secret : secrets) {
            if (secret.length() < 8) {
                throw new IllegalArgumentException("secret " + place + " is too short to look for");
            }
            addForms("secret " + place, secret);
            place++;
        }
    }

    /** Which secret the text holds in which form; empty when it is clean. */
    public Optional<String> find(String text) {
        var lower = text.toLowerCase(Locale.ROOT);
        return forms.entrySet().stream()
                .filter(form -> text.contains(form.getKey())
                        || (form.getValue().endsWith("hex") && lower.contains(form.getKey())))
                .map(Map.Entry::getValue)
                .findFirst();
    }

    private void addForms(String name, String secret) {
        var bytes = secret.getBytes(StandardCharsets.UTF_8);
        forms.put(secret, name + " as it is");
        forms.put(HexFormat.of().formatHex(bytes), name + " in hex");
        forms.putIfAbsent(URLEncoder.encode(secret, StandardCharsets.UTF_8), name + " URL-encoded");
        forms.putIfAbsent(percentEncoded(bytes), name + " URL-encoded");
        var quoted = Messages.quoted(secret);
        forms.putIfAbsent(quoted.substring(1, quoted.length() - 1), name + " JSON-escaped");
        forms.putIfAbsent(escaped(secret, "\\u%04x"), name + " JSON-escaped");
        forms.putIfAbsent(escaped(secret, "&#%d;"), name + " HTML-escaped");
        forms.putIfAbsent(escaped(secret, "&#x%x;"), name + " HTML-escaped");
        forms.putIfAbsent(named(secret, "&#39;"), name + " HTML-escaped");
        forms.putIfAbsent(named(secret, "'"), name + " HTML-escaped");
        for (int shift = 0; shift < 3; shift++) {
            forms.put(inner(Base64.getEncoder(), shift, bytes), name + " in Base64");
            forms.putIfAbsent(inner(Base64.getUrlEncoder(), shift, bytes), name + " in Base64url");
        }
    }

    /** As RFC 3986 has it, where a blank is %20 and no plus sign. */
    private static String percentEncoded(byte[] bytes) {
        var text = new StringBuilder();
        for (byte each : bytes) {
            char c = (char) (each & 0xff);
            boolean plain = c < 0x80 && (Character.isLetterOrDigit(c) || "-._~".indexOf(c) >= 0);
            text.append(plain ? String.valueOf(c) : String.format("%%%02X", (int) c));
        }
        return text.toString();
    }

    /** With every character that HTML or JavaScript could take for its own in this form. */
    private static String escaped(String secret, String form) {
        var text = new StringBuilder();
        for (int i = 0; i < secret.length(); i++) {
            char c = secret.charAt(i);
            text.append("<>&\"'".indexOf(c) >= 0 ? String.format(form, (int) c) : String.valueOf(c));
        }
        return text.toString();
    }

    private static String named(String secret, String apostrophe) {
        return secret.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;")
                .replace("'", apostrophe);
    }

    /** The characters that are the same whatever stands around, for bytes that start this far into a group of three. */
    private static String inner(Base64.Encoder encoder, int shift, byte[] bytes) {
        var shifted = new byte[shift + bytes.length];
        System.arraycopy(bytes, 0, shifted, shift, bytes.length);
        var text = encoder.withoutPadding().encodeToString(shifted);
        return text.substring((shift * 8 + 5) / 6, shifted.length * 8 / 6);
    }
}
