package dev.warder.cli;

import dev.warder.auth.AccessToken;
import dev.warder.auth.Client;
import dev.warder.auth.TokenHash;
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
            console.out().print(token(newToken));
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

    /**
     * The text of a new access token, shown once, and how to make it known to the gateway.
     *
     * @throws UsageException when no client may have this name, or when the pepper cannot be read
     */
    private String token(Command.NewToken asked) throws UsageException {
        if (!Client.mayBeNamed(asked.clientName())) {
            throw new UsageException(
                    "token: a name has 1 to 64 letters, digits and . _ @ -, and is not 'shared', 'open' or 'admin.token'");
        }
        GatewaySettings settings = new Entries(Map.of("clients.pepper", asked.pepper())).check(console.environment());
        AccessToken token = AccessToken.generate(random);
        return """
            Access token for %1$s, shown only this once:
              %2$s

            Line for clients.file, which holds its hash:
              %3$s

            Append the line to the file that the setting clients.file names; a running gateway reads it within seconds.
            The line may go on with expires=, models= and rights=. Without rights= the client may bring its own credential and
            use managed ones for inference and for reading models; rights=passthrough,managed,workspace adds batches, files and
            all else that a workspace keeps, which all clients with that right share. web permits the model's web search, and
            admin:read reading usage, cost, limits, budgets, clients and tokens.
            """
                .formatted(
                        asked.clientName(),
                        token.reveal(),
                        token.line(
                                asked.clientName(),
                                TokenHash.of(settings.clients().pepper())));
    }
}
