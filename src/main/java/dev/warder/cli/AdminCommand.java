package dev.warder.cli;

import dev.warder.config.InvalidValueException;
import dev.warder.config.Secret;
import dev.warder.config.Setting;
import dev.warder.config.TextFile;
import dev.warder.json.JsonTree;
import jakarta.json.JsonValue;
import java.io.IOException;
import java.util.Optional;

/** Runs the commands for administrators of a running gateway. One thread at a time. */
public final class AdminCommand {
    private static final int GOOD = 0;
    private static final int FAILED = 1;
    private static final String STANDARD_INPUT = "-";

    private final Console console;
    private final String administrator;

    public AdminCommand(Console console, String administrator) {
        this.console = console;
        this.administrator = administrator;
    }

    /**
     * Runs a command and returns the exit code: 0, or 1 when it failed.
     *
     * @throws UsageException when the caller has to write the command in another way
     */
    public int run(Command.Administer asked, Secret token) throws UsageException {
        var connection = new AdminConnection(asked.url(), token, administrator, console.out(), AdminConnection.LIMIT);
        try {
            switch (asked.noun()) {
                case Command.Administer.ADMIN -> send(asked, connection);
                case Command.Administer.IMPORT -> importFiles(asked, connection);
                default -> new AuditCommands(connection, console).run(asked);
            }
            console.out().flush();
            return GOOD;
        } catch (AdminException failed) {
            console.out().flush();
            console.err().println("warder: " + asked.name() + ": " + failed.reason());
            return FAILED;
        }
    }

    private void send(Command.Administer asked, AdminConnection connection) throws AdminException, UsageException {
        Optional<String> body = asked.words().size() > 1
                ? Optional.of(content("FILE", asked.words().get(1)))
                : Optional.empty();
        String path = asked.words().get(0);
        String response = connection.send(
                asked.verb(), path, body, Optional.ofNullable(asked.options().get("if-match")));
        console.out().print(AdminConnection.ascii(response));
        var made = JsonTree.parseObject(response).orElse(JsonValue.EMPTY_JSON_OBJECT);
        if (asked.verb().equals("POST") && path.endsWith("tokens") && JsonValue.NULL.equals(made.get("token"))) {
            throw new AdminException("the connection broke, and the token's text was lost with the first response;"
                    + " revoke this token and make a new one");
        }
    }

    private void importFiles(Command.Administer asked, AdminConnection connection)
            throws AdminException, UsageException {
        String policy = asked.settings().getOrDefault(Setting.POLICY_FILE.publicName(), "");
        String clients = asked.settings().getOrDefault(Setting.CLIENTS_FILE.publicName(), "");
        if (policy.isBlank() && clients.isBlank()) {
            throw new UsageException("import: needs --policy.file=FILE, --clients.file=FILE or both");
        }
        var body = JsonTree.newObject();
        if (!policy.isBlank()) {
            var document = JsonTree.parseWholeDistinctObject(content(Setting.POLICY_FILE.publicName(), policy));
            body.add(
                    "policy_file",
                    document.orElseThrow(() -> new UsageException(
                            "policy.file: must be one JSON object, without two members of one name")));
        }
        if (!clients.isBlank()) {
            body.add("clients_file", content(Setting.CLIENTS_FILE.publicName(), clients));
        }
        var imported =
                connection.json("POST", "import", Optional.of(body.build().toString()));
        console.out()
                .println(
                        asked.json()
                                ? AdminConnection.ascii(imported.toString())
                                : "imported: " + JsonTree.number(imported, "objects", 0) + " objects and "
                                        + JsonTree.number(imported, "tokens", 0) + " tokens");
    }

    private String content(String name, String path) throws UsageException {
        try {
            return path.equals(STANDARD_INPUT) ? TextFile.decode(console.in().readAllBytes()) : TextFile.read(path);
        } catch (InvalidValueException unusable) {
            throw new UsageException(name + ": the file " + unusable.reason());
        } catch (IOException unreadable) {
            throw new UsageException(name + ": the standard input cannot be read");
        }
    }
}
