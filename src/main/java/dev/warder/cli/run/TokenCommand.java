package dev.warder.cli.run;

import dev.warder.auth.AccessToken;
import dev.warder.auth.Client;
import dev.warder.auth.TokenHash;
import dev.warder.cli.Command;
import dev.warder.cli.Entries;
import dev.warder.cli.UsageException;
import dev.warder.settings.GatewaySettings;
import java.security.SecureRandom;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/** The command {@code token NAME}: shows a new access token, once, and how to make it known to the gateway. */
final class TokenCommand {
    private TokenCommand() {}

    /**
     * The text to show.
     *
     * @throws UsageException when no client may have this name, or when the pepper cannot be read
     */
    static String text(Command.NewToken asked, SecureRandom random, Function<String, Optional<String>> environment)
            throws UsageException {
        if (!Client.mayBeNamed(asked.clientName())) {
            throw new UsageException(
                    "token: a name has 1 to 64 letters, digits and . _ @ -, and is not 'shared', 'open' or 'admin.token'");
        }
        GatewaySettings settings = new Entries(Map.of("clients.pepper", asked.pepper())).check(environment);
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
            admin:read reading the spend limits of all clients.
            """
                .formatted(
                        asked.clientName(),
                        token.reveal(),
                        token.line(
                                asked.clientName(),
                                TokenHash.of(settings.clients().pepper())));
    }
}
