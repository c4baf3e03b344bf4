package dev.warder.cli.admin;

import dev.warder.cli.AdminForm;
import dev.warder.cli.Command;
import dev.warder.cli.Console;
import dev.warder.cli.UsageException;
import dev.warder.config.Secret;
import java.time.InstantSource;

/** Runs the commands for administrators of a running gateway. One thread at a time. */
public final class AdminCommand {
    private static final int GOOD = 0;
    private static final int FAILED = 1;

    private final Console console;
    private final String administrator;
    private final InstantSource clock;

    /** @param administrator the name for the audit */
    public AdminCommand(Console console, String administrator, InstantSource clock) {
        this.console = console;
        this.administrator = administrator;
        this.clock = clock;
    }

    /**
     * Runs a command and returns the exit code: 0, or 1 when it failed.
     *
     * @throws UsageException when the caller has to write the command in another way
     */
    public int run(Command.Administer asked, Secret token) throws UsageException {
        var api = new AdminApi(new AdminConnection(asked.url(), token, administrator));
        try {
            run(asked, api, new AdminOutput(console, asked.json()));
            console.out().flush();
            return GOOD;
        } catch (AdminException failed) {
            console.out().flush();
            console.err().println("warder: " + asked.form().name() + ": " + failed.reason());
            return FAILED;
        }
    }

    private void run(Command.Administer asked, AdminApi api, AdminOutput output) throws AdminException, UsageException {
        switch (asked.form().noun()) {
            case AdminForm.TOKEN -> new IssuedTokenCommands(api, output, clock).run(asked);
            case AdminForm.BUDGET -> new BudgetCommands(api, output).run(asked);
            case AdminForm.LIMIT -> new LimitCommands(api, output).run(asked);
            case AdminForm.IMPORT -> new ImportCommand(api, output).run(asked);
            case AdminForm.AUDIT -> new AuditCommands(api, output).run(asked);
            default -> new ObjectCommands(api, output).run(asked);
        }
    }
}
