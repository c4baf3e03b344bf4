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
 * Looks for planted secrets in any text: as they are, in Base64 (also amid other bytes), in hex and URL-encoded. What it
 * says of a find names the place in the list and the form, never the secret. Immutable; thread-safe.
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
        for (int shift = 0; shift < 3; shift++) {
            forms.put(inner(Base64.getEncoder(), shift, bytes), name + " in Base64");
            forms.putIfAbsent(inner(Base64.getUrlEncoder(), shift, bytes), name + " in Base64url");
        }
    }

    /** The characters that are the same whatever stands around, for bytes that start this far into a group of three. */
    private static String inner(Base64.Encoder encoder, int shift, byte[] bytes) {
        var shifted = new byte[shift + bytes.length];
        System.arraycopy(bytes, 0, shifted, shift, bytes.length);
        var text = encoder.withoutPadding().encodeToString(shifted);
        return text.substring((shift * 8 + 5) / 6, shifted.length * 8 / 6);
    }
}
