package dev.warder.testkit;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Collection;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * Looks for planted secrets in any text: as they are, in Base64 (also amid other bytes), in hex, URL-encoded, and escaped
 * for JSON and HTML. A find names the place in the list and the form, never the secret.
 *
 * <p>A text is read once, however many secrets there are: a hash of the last eight characters (Rabin and Karp) is looked up in an
 * index of the forms by their first eight. Thread-safe.
 */
public final class SecretScan {
    private static final int WINDOW = 8;
    private static final int BASE = 31;
    private static final int LEAVING = power(WINDOW);

    /** A bit for each possible hash, by its upper half: nearly all windows end here. */
    private static final int FILTER_BITS = 16;

    private final Map<Integer, List<Form>> index = new ConcurrentHashMap<>();
    private final Set<String> known = ConcurrentHashMap.newKeySet();
    private volatile long[] filter = new long[1 << (FILTER_BITS - 6)];
    private int secrets;

    private record Form(String text, String name, boolean anyCase) {
        boolean isAt(String in, int start) {
            return in.regionMatches(anyCase, start, text, 0, text.length());
        }
    }

    /** Looks for these; a secret shorter than 8 characters would be found everywhere and is refused. */
    public SecretScan(Collection<String> secrets) {
        secrets.forEach(this::add);
    }

    /** Looks for this one too, from now on. */
    public synchronized void add(String secret) {
        secrets++;
        if (secret.length() < WINDOW) {
            throw new IllegalArgumentException("secret " + secrets + " is too short to look for");
        }
        if (!known.add(secret)) {
            return;
        }
        // Readers see a bit only when its form is in the index.
        var bits = filter.clone();
        addForms(bits, "secret " + secrets, secret);
        filter = bits;
    }

    /** Which secret the text holds in which form; empty when it is clean. */
    public Optional<String> find(String text) {
        var bits = filter;
        int hash = 0;
        for (int i = 0; i < text.length(); i++) {
            hash = hash * BASE + lower(text.charAt(i));
            if (i >= WINDOW) {
                hash -= LEAVING * lower(text.charAt(i - WINDOW));
            }
            if (i >= WINDOW - 1 && isSet(bits, hash)) {
                var found = at(text, i - WINDOW + 1, hash);
                if (found.isPresent()) {
                    return found;
                }
            }
        }
        return Optional.empty();
    }

    private Optional<String> at(String text, int start, int hash) {
        return index.getOrDefault(hash, List.of()).stream()
                .filter(form -> form.isAt(text, start))
                .map(Form::name)
                .findFirst();
    }

    private void addForms(long[] bits, String name, String secret) {
        var bytes = secret.getBytes(StandardCharsets.UTF_8);
        add(bits, secret, name + " as it is", false);
        add(bits, HexFormat.of().formatHex(bytes), name + " in hex", true);
        add(bits, URLEncoder.encode(secret, StandardCharsets.UTF_8), name + " URL-encoded", false);
        add(bits, percentEncoded(bytes), name + " URL-encoded", false);
        var quoted = Messages.quoted(secret);
        add(bits, quoted.substring(1, quoted.length() - 1), name + " JSON-escaped", false);
        add(bits, escaped(secret, "\\u%04x"), name + " JSON-escaped", false);
        add(bits, escaped(secret, "&#%d;"), name + " HTML-escaped", false);
        add(bits, escaped(secret, "&#x%x;"), name + " HTML-escaped", false);
        add(bits, named(secret, "&#39;"), name + " HTML-escaped", false);
        add(bits, named(secret, "'"), name + " HTML-escaped", false);
        for (int shift = 0; shift < 3; shift++) {
            add(bits, inner(Base64.getEncoder(), shift, bytes), name + " in Base64", false);
            add(bits, inner(Base64.getUrlEncoder(), shift, bytes), name + " in Base64url", false);
        }
    }

    private void add(long[] bits, String text, String name, boolean anyCase) {
        int hash = 0;
        for (int i = 0; i < WINDOW; i++) {
            hash = hash * BASE + lower(text.charAt(i));
        }
        var same = index.computeIfAbsent(hash, any -> new CopyOnWriteArrayList<>());
        if (same.stream().noneMatch(form -> form.text().equals(text) && form.anyCase() == anyCase)) {
            same.add(new Form(text, name, anyCase));
        }
        int place = hash >>> (32 - FILTER_BITS);
        bits[place >>> 6] |= 1L << place;
    }

    private static boolean isSet(long[] bits, int hash) {
        int place = hash >>> (32 - FILTER_BITS);
        return (bits[place >>> 6] & 1L << place) != 0;
    }

    /** Windows are compared without case, because hex has two. */
    private static int lower(char c) {
        return c >= 'A' && c <= 'Z' ? c + 32 : c;
    }

    private static int power(int exponent) {
        int result = 1;
        for (int i = 0; i < exponent; i++) {
            result *= BASE;
        }
        return result;
    }

    /** As RFC 3986 has it, where a blank is %20 and no plus sign. */
    private static String percentEncoded(byte[] bytes) {
        var text = new StringBuilder();
        for (byte each : bytes) {
            char c = (char) (each & 0xff);
            boolean plain = c < 0x80 && (Character.isLetterOrDigit(c) || "-._~".indexOf(c) >= 0);
            text.append(plain ? String.valueOf(c) : String.format(Locale.ROOT, "%%%02X", (int) c));
        }
        return text.toString();
    }

    /** With every character that HTML or JavaScript could take for its own in this form. */
    private static String escaped(String secret, String form) {
        var text = new StringBuilder();
        for (int i = 0; i < secret.length(); i++) {
            char c = secret.charAt(i);
            text.append("<>&\"'".indexOf(c) >= 0 ? String.format(Locale.ROOT, form, (int) c) : String.valueOf(c));
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
