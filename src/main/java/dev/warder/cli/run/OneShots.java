package dev.warder.cli.run;

import dev.warder.cli.Command;
import dev.warder.cli.Console;
import dev.warder.cli.Entries;
import dev.warder.cli.HelpText;
import dev.warder.cli.UsageException;
import dev.warder.cli.Version;
import dev.warder.cli.WebXml;
import dev.warder.cli.admin.AdminCommand;
import dev.warder.config.Secret;
import dev.warder.config.Setting;
import dev.warder.settings.GatewaySettings;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.Map;

/** Runs the commands that end by themselves. One thread at a time. */
public final class OneShots {
    private static final int DONE = 0;

    private final Console console;
    private final Path webapp;
    private final SecureRandom random;

    /** @param webapp the unpacked WAR, whose {@code web.xml} may contain settings */
    public OneShots(Console console, Path webapp, SecureRandom random) {
        this.console = console;
        this.webapp = webapp;
        this.random = random;
    }

    /**
     * Runs a command and returns the exit code: 0, or 1 when a credential is not usable or a gateway has refused a command.
     *
     * @throws UsageException with every problem that the caller can fix
     */
    public int run(Command.OneShot command) throws UsageException {
        if (command instanceof Command.Auth auth) {
            return auth(auth);
        }
        if (command instanceof Command.Administer administer) {
            return new AdminCommand(console, System.getProperty("user.name", ""))
                    .run(administer, adminToken(administer.settings()));
        }
        if (command instanceof Command.Price price) {
            console.out().print(PriceCommand.text(price, settings(price.settings()), InstantSource.system()));
        } else if (command instanceof Command.NewToken newToken) {
            console.out().print(TokenCommand.text(newToken, random, console.environment()));
        } else if (command instanceof Command.ShowVersion) {
            console.out().println("Warder " + Version.text());
        } else {
            console.out().print(HelpText.text());
        }
        return DONE;
    }

    private int auth(Command.Auth asked) throws UsageException {
        GatewaySettings settings = settings(asked.settings());
        var probe = new CredentialProbe(
                settings.upstream(), settings.proxy().timeouts().connect());
        try (var controls = Controls.open(settings)) {
            return new AuthCommand(console, controls, probe, InstantSource.system()).run(asked);
        }
    }

    /**
     * The token of administrators. Of settings that were given only this one is read: an administrator may not have the secrets
     * that the others refer to.
     */
    private Secret adminToken(Map<String, String> given) throws UsageException {
        String name = Setting.ADMIN_TOKEN.publicName();
        String reference = given.getOrDefault(name, "");
        var entries =
                reference.isBlank() ? new Entries(Map.of(), WebXml.read(webapp)) : new Entries(Map.of(name, reference));
        return entries.check(console.environment())
                .admin()
                .token()
                .orElseThrow(() -> new UsageException(name
                        + ": is not set; give a reference, such as --admin.token=env:NAME or --admin.token=file:PATH"));
    }

    private GatewaySettings settings(Map<String, String> given) throws UsageException {
        return new Entries(given, WebXml.read(webapp)).check(console.environment());
    }
}
