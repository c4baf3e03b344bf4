package dev.warder.auth;

import dev.warder.config.InvalidValueException;
import dev.warder.config.TextFile;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The content of {@code clients.file}: UTF-8, one token for each line ({@link ClientLine}), blank lines, and comments. A
 * comment starts with a {@code #} at the start of a line or after a blank. A file without any token admits no caller: an
 * operator who removes the last line intends that. Immutable.
 *
 * @param byId the lines by the ids of their tokens
 */
public record ClientFile(Map<String, ClientLine> byId) {
    private static final String COMMENT = "(^|[ \t])#.*";

    public ClientFile {
        byId = Map.copyOf(byId);
    }

    /** Reads a file. One invalid line makes the whole file invalid; the exception contains the line's number and the reason. */
    static ClientFile parse(byte[] content) throws InvalidValueException {
        var lines = new HashMap<String, ClientLine>();
        var names = new HashSet<String>();
        List<String> texts = TextFile.decode(content).lines().toList();
        for (int i = 0; i < texts.size(); i++) {
            String text = texts.get(i).replaceFirst(COMMENT, "");
            if (!text.isBlank()) {
                try {
                    add(ClientLine.parse(text), lines, names);
                } catch (InvalidValueException bad) {
                    throw new InvalidValueException("line " + (i + 1) + " " + bad.reason());
                }
            }
        }
        return new ClientFile(lines);
    }

    /**
     * The lines of a file, by the names of their tokens.
     *
     * @param content the whole file
     * @throws InvalidValueException with the line's number and the reason
     */
    public static List<ClientLine> read(String content) throws InvalidValueException {
        return parse(content.getBytes(StandardCharsets.UTF_8)).lines().stream()
                .sorted(Comparator.comparing(ClientLine::name))
                .toList();
    }

    Optional<ClientLine> find(String id) {
        return Optional.ofNullable(byId.get(id));
    }

    List<String> namesWithoutWorkspace() {
        return lines().stream()
                .map(ClientLine::client)
                .filter(Client::lacksWorkspace)
                .map(Client::name)
                .sorted()
                .toList();
    }

    Collection<ClientLine> lines() {
        return byId.values();
    }

    private static void add(ClientLine line, Map<String, ClientLine> lines, Set<String> names)
            throws InvalidValueException {
        if (lines.putIfAbsent(line.id(), line) != null) {
            throw new InvalidValueException("has the id of an earlier line");
        }
        if (!names.add(line.client().name())) {
            throw new InvalidValueException("has the name of an earlier line");
        }
    }
}
