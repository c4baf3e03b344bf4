package dev.warder.auth;

import dev.warder.config.InvalidValueException;
import dev.warder.config.ModelPattern;
import dev.warder.json.JsonTree;
import jakarta.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.util.Comparator;
import java.util.List;

/**
 * A token of {@code clients.file}, as the database would have it. Immutable.
 *
 * @param id its public id
 * @param sha256 its hash
 * @param terms what it may be used for
 */
public record FileToken(String id, String name, String sha256, JsonObject terms) {
    /**
     * The tokens of a file, by their names.
     *
     * @param content the whole file
     * @throws InvalidValueException with the line's number and the reason
     */
    public static List<FileToken> read(String content) throws InvalidValueException {
        return ClientFile.parse(content.getBytes(StandardCharsets.UTF_8)).lines().stream()
                .map(FileToken::of)
                .sorted(Comparator.comparing(FileToken::name))
                .toList();
    }

    @Override
    public String toString() {
        return "FileToken[" + id + "]";
    }

    static FileToken of(ClientLine line) {
        var terms = JsonTree.newObject();
        line.expires().ifPresent(end -> terms.add("expires", end.toString()));
        terms.add(
                "rights",
                JsonTree.newArray(line.client().rights().stream()
                        .map(Right::word)
                        .sorted()
                        .toList()));
        if (!line.client().models().isEmpty()) {
            terms.add(
                    "models",
                    JsonTree.newArray(line.client().models().stream()
                            .map(FileToken::text)
                            .distinct()
                            .toList()));
        }
        return new FileToken(line.id(), line.client().tokenName(), line.hash(), terms.build());
    }

    private static String text(ModelPattern pattern) {
        if (pattern instanceof ModelPattern.Exact exact) {
            return exact.name();
        }
        if (pattern instanceof ModelPattern.Prefix prefix) {
            return prefix.start() + "*";
        }
        throw new IllegalArgumentException("clients.file has no such pattern");
    }
}
