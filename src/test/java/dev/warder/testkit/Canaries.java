package dev.warder.testkit;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;

/**
 * Distinct secrets to plant, one for each place where a secret can come in, and a search for them and for parts of them.
 * Each holds 26 random characters, so that eight of them in a row are no accident. One thread at a time.
 */
public final class Canaries {
    private static final String ALPHABET = "abcdefghijklmnopqrstuvwxyz234567";
    private static final int PART = 8;

    /** Around content, so that its escaped forms differ from it. */
    private static final String MARKUP = "<b title=\"it's\">&%s</b>";

    private final Map<String, String> values = new LinkedHashMap<>();
    private final Map<String, String> parts = new HashMap<>();
    private final Random random;
    private final SecretScan scan = new SecretScan(List.of());

    /** With the values that {@code seed} leads to. */
    public Canaries(long seed) {
        random = new Random(seed);
    }

    /** Adds a value of visible characters, such as can travel in a field, that begins so. */
    public String token(String name, String prefix) {
        return add(name, prefix, "%s");
    }

    /** Adds text of a conversation. */
    public String content(String name) {
        return add(name, "", MARKUP);
    }

    /** Adds a value that something else chose. */
    public void known(String name, String value) {
        values.put(name, value);
        scan.add(value);
    }

    /** By the name of their place. */
    public Map<String, String> values() {
        return Map.copyOf(values);
    }

    /** All values, in the order in which they were added. */
    public List<String> all() {
        return new ArrayList<>(values.values());
    }

    /** Which canary stands in the text, whole in any encoding or eight characters of it; empty when it is clean. */
    public Optional<String> in(String text) {
        return scan.find(text).or(() -> partIn(text));
    }

    private Optional<String> partIn(String text) {
        for (int i = 0; i + PART <= text.length(); i++) {
            var name = parts.get(text.substring(i, i + PART));
            if (name != null) {
                return Optional.of("part of " + name);
            }
        }
        return Optional.empty();
    }

    private String add(String name, String prefix, String form) {
        var body = new StringBuilder();
        while (body.length() < 26) {
            body.append(ALPHABET.charAt(random.nextInt(ALPHABET.length())));
        }
        for (int i = 0; i + PART <= body.length(); i++) {
            parts.put(body.substring(i, i + PART), name);
        }
        var value = String.format(form, prefix + body);
        if (values.put(name, value) != null) {
            throw new IllegalArgumentException("a second canary for " + name);
        }
        scan.add(value);
        return value;
    }

    /** The canary as bytes. */
    public static byte[] bytes(String value) {
        return value.getBytes(StandardCharsets.UTF_8);
    }
}
