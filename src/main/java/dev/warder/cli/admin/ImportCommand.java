package dev.warder.cli.admin;

import dev.warder.cli.Command;
import dev.warder.cli.UsageException;
import dev.warder.config.InvalidValueException;
import dev.warder.config.Setting;
import dev.warder.config.TextFile;
import dev.warder.json.JsonTree;
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
            return Optional.of(TextFile.read(path));
        } catch (InvalidValueException unusable) {
            throw new UsageException(setting.publicName() + ": the file " + unusable.reason());
        }
    }
}
