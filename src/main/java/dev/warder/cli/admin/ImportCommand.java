package dev.warder.cli.admin;

import dev.warder.cli.Command;
import dev.warder.cli.UsageException;
import dev.warder.config.Setting;
import dev.warder.json.JsonTree;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Optional;

/** The command {@code import}: takes over what {@code policy.file} and {@code clients.file} have. */
final class ImportCommand {
    private static final String COLLECTION = "import";

    private final AdminApi api;
    private final AdminOutput output;

    ImportCommand(AdminApi api, AdminOutput output) {
        this.api = api;
        this.output = output;
    }

    /**
     * Sends the files.
     *
     * @throws UsageException when none is given, or when one cannot be read
     */
    void run(Command.Administer asked) throws AdminException, UsageException {
        var policy = content(asked, Setting.POLICY_FILE);
        var clients = content(asked, Setting.CLIENTS_FILE);
        if (policy.isEmpty() && clients.isEmpty()) {
            throw new UsageException("import: needs --policy.file=FILE, --clients.file=FILE or both");
        }
        var body = JsonTree.newObject();
        if (policy.isPresent()) {
            var document = JsonTree.parseWholeDistinctObject(policy.get());
            body.add(
                    "policy_file",
                    document.orElseThrow(() -> new UsageException(
                            "policy.file: must be one JSON object, without two members of one name")));
        }
        clients.ifPresent(text -> body.add("clients_file", text));
        var imported = api.require(api.connection().post(COLLECTION, body.build()), COLLECTION);
        output.done(
                "imported: " + AdminText.of(imported, "objects") + " objects and " + AdminText.of(imported, "tokens")
                        + " tokens",
                imported);
    }

    private static Optional<String> content(Command.Administer asked, Setting setting) throws UsageException {
        String path = asked.settings().getOrDefault(setting.publicName(), "");
        if (path.isBlank()) {
            return Optional.empty();
        }
        try {
            return Optional.of(Files.readString(Path.of(path.strip())));
        } catch (CharacterCodingException notUtf8) {
            throw new UsageException(setting.publicName() + ": the file is not UTF-8");
        } catch (IOException | InvalidPathException unreadable) {
            throw new UsageException(setting.publicName() + ": the file does not exist or cannot be read");
        }
    }
}
