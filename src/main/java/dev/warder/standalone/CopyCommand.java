package dev.warder.standalone;

import dev.warder.cli.Command;
import dev.warder.cli.Console;
import dev.warder.cli.Entries;
import dev.warder.cli.UsageException;
import dev.warder.config.Setting;
import dev.warder.database.DatabaseSettings;
import dev.warder.standalone.DatabaseCopy.CopyException;
import java.nio.file.Files;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** The command {@code database copy}: from the embedded database of {@code data.dir} to that of {@code database.url}. */
final class CopyCommand {
    private static final int FAILED = 1;
    private static final String EMBEDDED = "warder.mv.db";
    private static final List<Setting> READ =
            List.of(Setting.DATA_DIR, Setting.DATABASE_URL, Setting.DATABASE_USER, Setting.DATABASE_PASSWORD);

    private final Console console;

    CopyCommand(Console console) {
        this.console = console;
    }

    /**
     * Copies, and returns the exit code: 0, or 1 if nothing was copied.
     *
     * @throws UsageException with every problem that the caller can fix
     */
    int run(Command.CopyDatabase asked) throws UsageException {
        var settings = settings(asked.settings());
        try (var source = NodeData.open(
                        new DatabaseSettings(Optional.empty(), Optional.empty(), Optional.empty(), settings.folder()),
                        false);
                var target = NodeData.open(
                        new DatabaseSettings(settings.url(), settings.user(), settings.password(), Optional.empty()),
                        false)) {
            var counts = new DatabaseCopy(
                            source.database().orElseThrow(), target.database().orElseThrow())
                    .run();
            counts.forEach((table, count) -> {
                if (count > 0) {
                    console.out().println(DatabaseCopy.name(table) + ": " + count + (count == 1 ? " row" : " rows"));
                }
            });
            console.out().println("Copied. Start the gateways with database.url now.");
            return 0;
        } catch (CopyException failed) {
            console.err().println("warder: " + failed.getMessage());
            return FAILED;
        }
    }

    /** Of the settings that were given only those of databases are read: the others may refer to secrets that are elsewhere. */
    private DatabaseSettings settings(Map<String, String> given) throws UsageException {
        var read = new TreeMap<>(given);
        read.keySet().retainAll(READ.stream().map(Setting::publicName).toList());
        var settings = new Entries(read).check(console.environment()).database();
        if (settings.folder().isEmpty()
                || settings.url()
                        .filter(url -> url.startsWith("jdbc:postgresql:"))
                        .isEmpty()) {
            throw new UsageException("database copy: data.dir and database.url (jdbc:postgresql:…) are required");
        }
        if (!Files.isRegularFile(settings.folder().get().resolve(EMBEDDED))) {
            throw new UsageException("data.dir: has no embedded database");
        }
        return settings;
    }
}
