package dev.warder.contract;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Random;
import java.util.stream.Stream;

/**
 * Request targets that have come past the filters of some server, and mutants of them. None holds a space or a line
 * break, which would change the framing. One thread at a time.
 */
final class PathCorpus {
    private final Random random;
    private final List<String> seeds;
    private final List<String> pieces = section("pieces");
    private final List<String> clearSeeds = section("clear seeds");
    private final List<String> clearPieces = section("clear pieces");

    PathCorpus(Random random) throws IOException {
        this.random = random;
        this.seeds = Stream.concat(section("refused").stream(), section("seeds").stream())
                .toList();
    }

    /** The lines of {@code paths.txt} after the comment that begins with this name. */
    static List<String> section(String name) throws IOException {
        try (var in = PathCorpus.class.getResourceAsStream("/paths.txt")) {
            return new String(Objects.requireNonNull(in).readAllBytes(), UTF_8)
                    .lines()
                    .dropWhile(line -> !line.startsWith("# " + name))
                    .skip(1)
                    .takeWhile(line -> !line.startsWith("# "))
                    .map(NaughtyStrings::unescaped)
                    .toList();
        }
    }

    /** Bytes of UTF-8 as they would stand on the wire; a character of ISO 8859-1 is such a byte already. */
    static String bytes(String target) {
        boolean raw = target.chars().allMatch(c -> c <= 0xff);
        return raw ? target : new String(target.getBytes(UTF_8), ISO_8859_1);
    }

    /** One of the corpus as it is, or with up to four changes; half of them are no attack, so that most are decided. */
    String next() {
        return random.nextBoolean() ? attack() : clear();
    }

    private String clear() {
        var target = any(clearSeeds);
        for (int changes = random.nextInt(4); changes > 0; changes--) {
            var piece = any(clearPieces);
            target = random.nextBoolean() && piece.startsWith("/") ? piece + target : target + piece;
        }
        return random.nextInt(4) == 0 ? target + "?beta=true" : target;
    }

    private String attack() {
        var target = any(seeds);
        for (int changes = random.nextInt(5); changes > 0; changes--) {
            target = changed(target);
        }
        return target.isEmpty() ? "/" : target;
    }

    private String changed(String target) {
        int at = random.nextInt(target.length() + 1);
        return switch (random.nextInt(7)) {
            case 0, 1 -> target.substring(0, at) + any(pieces) + target.substring(at);
            case 2 -> any(pieces) + target;
            case 3 -> target + any(pieces);
            case 4 -> encoded(target, at);
            case 5 -> target.substring(0, at) + any(seeds);
            default -> otherCase(target, at);
        };
    }

    private String encoded(String target, int at) {
        if (at == target.length() || target.charAt(at) > 0x7e) {
            return target;
        }
        var escape = "%%%02x".formatted((int) target.charAt(at));
        return target.substring(0, at)
                + (random.nextBoolean() ? escape.toUpperCase(Locale.ROOT) : escape)
                + target.substring(at + 1);
    }

    private static String otherCase(String target, int at) {
        return target.substring(0, at) + target.substring(at).toUpperCase(Locale.ROOT);
    }

    private <T> T any(List<T> list) {
        return list.get(random.nextInt(list.size()));
    }
}
