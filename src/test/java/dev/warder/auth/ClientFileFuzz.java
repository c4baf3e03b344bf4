package dev.warder.auth;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.warder.config.InvalidValueException;

/** A file of clients is read, or refused with a reason that repeats nothing of it. */
public final class ClientFileFuzz {
    /** Stands in a reason of its own accord. */
    private static final String EXAMPLE = "2027-01-31T00:00:00Z";

    private ClientFileFuzz() {}

    /** Reads the bytes as {@code clients.file}. */
    public static void fuzzerTestOneInput(byte[] data) {
        var text = new String(data, UTF_8);
        try {
            var file = ClientFile.parse(data);
            for (var line : text.lines().toList()) {
                find(file, line);
            }
        } catch (InvalidValueException refused) {
            var reason = refused.reason().replace(EXAMPLE, "");
            for (var word : text.split("[\\s=]+")) {
                if (word.length() >= 16 && reason.contains(word)) {
                    throw new AssertionError("the reason repeats " + word);
                }
            }
        }
    }

    private static void find(ClientFile file, String line) {
        int id = line.indexOf("id=");
        if (id >= 0 && line.length() >= id + 11 && line.indexOf('#') < 0) {
            file.find(line.substring(id + 3, id + 11)).ifPresent(found -> {
                if (found.hash().length() != 64 || found.client().name().isEmpty()) {
                    throw new AssertionError("incomplete");
                }
            });
        }
    }
}
