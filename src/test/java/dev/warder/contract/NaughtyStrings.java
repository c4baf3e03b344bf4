package dev.warder.contract;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.util.List;
import java.util.Objects;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The strings of {@code naughty.txt}: of every kind that programs are known to trip over. All are valid Unicode. */
final class NaughtyStrings {
    private static final Pattern ESCAPE = Pattern.compile("\\\\(n|r|t|0|\\\\|u\\{([0-9a-f]{4,6})})");

    private NaughtyStrings() {}

    /** All of them, some very long ones too. */
    static List<String> all() throws IOException {
        try (var in = NaughtyStrings.class.getResourceAsStream("/naughty.txt")) {
            var lines = new String(Objects.requireNonNull(in).readAllBytes(), UTF_8).split("\n");
            var read = Stream.of(lines).filter(line -> !line.startsWith("# ")).map(NaughtyStrings::unescaped);
            var comment = Stream.of("# comment", "x".repeat(1000), "\ud83d\ude00".repeat(60), "\"\\".repeat(100));
            return Stream.concat(read, comment).toList();
        }
    }

    /** As a JSON string of ASCII alone, everything else escaped. */
    static String asciiLiteral(String text) {
        var literal = new StringBuilder("\"");
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            literal.append(
                    c >= ' ' && c < 0x7f && c != '"' && c != '\\' ? String.valueOf(c) : "\\u%04x".formatted((int) c));
        }
        return literal.append('"').toString();
    }

    /** With each byte of its UTF-8 form percent-encoded that is not unreserved (RFC 3986, section 2.3). */
    static String percentEncoded(String text) {
        var encoded = new StringBuilder();
        for (byte b : text.getBytes(UTF_8)) {
            boolean plain =
                    b >= 'a' && b <= 'z' || b >= 'A' && b <= 'Z' || b >= '0' && b <= '9' || "-._~".indexOf(b) >= 0;
            encoded.append(plain ? String.valueOf((char) b) : "%%%02X".formatted(b & 0xff));
        }
        return encoded.toString();
    }

    static String unescaped(String line) {
        return ESCAPE.matcher(line)
                .replaceAll(found -> java.util.regex.Matcher.quoteReplacement(
                        switch (found.group(1).charAt(0)) {
                            case 'n' -> "\n";
                            case 'r' -> "\r";
                            case 't' -> "\t";
                            case '0' -> "\0";
                            case '\\' -> "\\";
                            default -> Character.toString(Integer.parseInt(found.group(2), 16));
                        }));
    }
}
