package dev.warder.ledger;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.regex.Pattern;

/** The name of a node in the tables: made once, and kept in a file below {@code data.dir}. */
final class NodeName {
    private static final Pattern NAME = Pattern.compile("[0-9a-z-]{1,64}");

    private NodeName() {}

    /**
     * The name in the file {@code node} of a folder that this process has locked.
     *
     * @param fresh the name to keep if there is none
     */
    static String in(Path folder, String fresh) throws IOException {
        var file = folder.resolve("node");
        if (Files.exists(file)) {
            var name = Files.readString(file).strip();
            if (NAME.matcher(name).matches()) {
                return name;
            }
        }
        Files.writeString(file, fresh + "\n", StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING);
        return fresh;
    }
}
