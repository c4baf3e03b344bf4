package dev.warder.cli;

import dev.warder.GatewaySettings;
import dev.warder.auth.AccessToken;
import dev.warder.auth.Client;
import dev.warder.auth.TokenHash;
import dev.warder.cli.AdminConnection.AdminException;
import dev.warder.cli.CommandLine.UsageException;
import dev.warder.config.EndpointUrl;
import dev.warder.config.InvalidValueException;
import dev.warder.config.Secret;
import dev.warder.config.Setting;
import dev.warder.config.TextFile;
import dev.warder.json.JsonTree;
import dev.warder.upstream.Outbound;
import dev.warder.usage.Cost;
import dev.warder.usage.PriceBook;
import dev.warder.usage.PriceRow;
import dev.warder.usage.UsageCounts;
import jakarta.json.JsonValue;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Runs the commands that end by themselves. One thread at a time. */
public record OneShots(Console console, Path webapp, SecureRandom random) {
    private static final String ADMIN_TOKEN = Setting.ADMIN_TOKEN.publicName();

    /**
     * Runs a {@link Command.OneShot} and returns the exit code: 0, or 1 when a credential is not usable or a gateway has refused
     * a command.
     *
     * @throws UsageException with every problem that the caller can fix
     */
    public int run(CommandLine.Asked asked) throws UsageException {
        var command = asked.command();
        var given = asked.settings();
        if (command instanceof Command.Auth auth) {
            return auth(auth, settings(given));
        }
        if (command instanceof Command.Administer administer) {
            var settings = adminSettings(administer, given);
            var token = settings.admin()
                    .token()
                    .orElseThrow(
                            () -> new UsageException(
                                    ADMIN_TOKEN
                                            + ": is not set; give a reference, such as --admin.token=env:NAME or --admin.token=file:PATH"));
            return new AdminCommand(console, System.getProperty("user.name", ""))
                    .run(administer, given, token, settings.upstream().outbound());
        }
        if (command instanceof Command.Price price) {
            console.out().print(PriceCommand.text(price, settings(given), InstantSource.system()));
        } else if (command instanceof Command.NewToken newToken) {
            console.out().print(token(newToken.clientName(), given));
        } else if (command instanceof Command.ShowVersion) {
            console.out().println("Warder " + TextFile.version());
        } else {
            console.out().print(Grammar.help());
        }
        return 0;
    }

    private int auth(Command.Auth asked, GatewaySettings settings) throws UsageException {
        try (var controls = AuthCommand.Controls.open(settings);
                var probe = new AuthCommand.CredentialProbe(
                        settings.upstream(), settings.proxy().timeouts().connect())) {
            return new AuthCommand(console, controls, probe, InstantSource.system()).run(asked);
        }
    }

    /**
     * Of settings that were given, reads only the token of administrators and, where they can count, those of the way to the
     * gateway: an administrator may not have the secrets that the others refer to.
     */
    private GatewaySettings adminSettings(Command.Administer asked, Map<String, String> given) throws UsageException {
        var read = new TreeMap<>(given);
        boolean away = asked.url().getScheme().equalsIgnoreCase("https")
                && !EndpointUrl.isLoopback(asked.url().getHost());
        read.keySet()
                .removeIf(name -> !name.equals(ADMIN_TOKEN)
                        && !(away
                                && Outbound.SETTINGS.contains(Setting.find(name).orElseThrow())));
        boolean hasToken = !read.getOrDefault(ADMIN_TOKEN, "").isBlank();
        return new Entries(read, hasToken ? WebXml.NONE : WebXml.read(webapp)).check(console.environment());
    }

    private GatewaySettings settings(Map<String, String> given) throws UsageException {
        return new Entries(given, WebXml.read(webapp)).check(console.environment());
    }

    /**
     * The text of a new access token, shown once, and how to make it known to the gateway.
     *
     * @throws UsageException when no client may have this name, or when the pepper cannot be read
     */
    private String token(String client, Map<String, String> given) throws UsageException {
        if (!Client.mayBeNamed(client)) {
            throw new UsageException(
                    "token: a name has 1 to 64 letters, digits and . _ @ -, and is not 'shared', 'open' or 'admin.token'");
        }
        GatewaySettings settings = new Entries(given).check(console.environment());
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
                        client,
                        token.reveal(),
                        token.line(client, new TokenHash(settings.clients().pepper())));
    }

    /** Runs the commands for administrators of a running gateway. One thread at a time. */
    private record AdminCommand(Console console, String administrator) {
        private static final String STANDARD_INPUT = "-";

        /**
         * Runs a command and returns the exit code: 0, or 1 when it failed.
         *
         * @throws UsageException when the caller has to write the command in another way
         */
        int run(Command.Administer asked, Map<String, String> given, Secret token, Outbound outbound)
                throws UsageException {
            try (var connection = new AdminConnection(
                    asked.url(), token, administrator, console.out(), outbound, AdminConnection.LIMIT)) {
                switch (asked.noun()) {
                    case Command.Administer.ADMIN -> send(asked, connection);
                    case Command.Administer.IMPORT -> importFiles(asked, given, connection);
                    default -> new AuditCommands(connection, console).run(asked);
                }
                console.out().flush();
                return 0;
            } catch (AdminException failed) {
                console.out().flush();
                console.err().println("warder: " + asked.name() + ": " + failed.reason());
                return 1;
            }
        }

        private void send(Command.Administer asked, AdminConnection connection) throws AdminException, UsageException {
            Optional<String> body = asked.words().size() > 1
                    ? Optional.of(content("FILE", asked.words().get(1)))
                    : Optional.empty();
            String path = asked.words().get(0);
            String response = connection.send(
                    asked.verb(),
                    path,
                    body,
                    Optional.ofNullable(asked.options().get("if-match")));
            console.out().print(AdminConnection.ascii(response));
            var made = JsonTree.parseObject(response).orElse(JsonValue.EMPTY_JSON_OBJECT);
            if (asked.verb().equals("POST") && path.endsWith("tokens") && JsonValue.NULL.equals(made.get("token"))) {
                throw new AdminException("the connection broke, and the token's text was lost with the first response;"
                        + " revoke this token and make a new one");
            }
        }

        private void importFiles(Command.Administer asked, Map<String, String> given, AdminConnection connection)
                throws AdminException, UsageException {
            String policy = given.getOrDefault(Setting.POLICY_FILE.publicName(), "");
            String clients = given.getOrDefault(Setting.CLIENTS_FILE.publicName(), "");
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
                return path.equals(STANDARD_INPUT)
                        ? TextFile.decode(console.in().readAllBytes())
                        : TextFile.read(path);
            } catch (InvalidValueException unusable) {
                throw new UsageException(name + ": the file " + unusable.reason());
            } catch (IOException unreadable) {
                throw new UsageException(name + ": the standard input cannot be read");
            }
        }
    }

    /** The command {@code price MODEL}: shows the rows that hold for a model, and a cost term by term. */
    static final class PriceCommand {
        private static final String ASSUMED =
                "  assumed: no price is known for this request, so the dearest row of the model's family counts, or of all"
                        + " models if the family is not known\n";

        private PriceCommand() {}

        /**
         * The text to show.
         *
         * @throws UsageException when there is no credential of this name
         */
        static String text(Command.Price asked, GatewaySettings settings, InstantSource clock) throws UsageException {
            var options = asked.options();
            BigDecimal factor = factor(asked.factorOf(), settings);
            Instant at = options.at().orElseGet(clock::instant);
            var conditions =
                    new PriceBook.Conditions(asked.model(), options.tier(), options.speed(), options.geo(), at);
            PriceBook book = settings.prices().book().get();
            var text = new StringBuilder(head(conditions, book));
            book.bands(conditions).forEach(quote -> text.append(row(quote)));
            if (!options.counts().isNone()) {
                text.append(cost(book.cost(conditions, options.counts(), factor)));
            }
            return text.toString();
        }

        private static BigDecimal factor(Optional<String> credential, GatewaySettings settings) throws UsageException {
            if (credential.isEmpty()) {
                return BigDecimal.ONE;
            }
            var factors = settings.prices().factors();
            String name = credential.get();
            if (!factors.names().contains(name) && !settings.managed().names().contains(name)) {
                throw new UsageException("--credential: neither prices.factors nor upstream.credentials has this name");
            }
            return factors.of(name);
        }

        private static String head(PriceBook.Conditions conditions, PriceBook book) {
            return "Prices of %s at %s, tier %s, speed %s, geo %s (price book %s), in USD per million tokens:%n"
                    .formatted(
                            conditions.model(),
                            conditions.admitted(),
                            word(conditions.tier()),
                            word(conditions.speed()),
                            conditions.geo().orElse("unknown"),
                            book.version());
        }

        private static String row(PriceBook.Quote quote) {
            PriceRow row = quote.row();
            return "%n  %s%n%s  input %s, output %s, cache write 5m %s, cache write 1h %s, cache read %s%n"
                            .formatted(
                                    row.scope(),
                                    quote.assumed() ? ASSUMED : "",
                                    plain(row.price(UsageCounts.Kind.INPUT)),
                                    plain(row.price(UsageCounts.Kind.OUTPUT)),
                                    plain(row.price(UsageCounts.Kind.CACHE_WRITE_5M)),
                                    plain(row.price(UsageCounts.Kind.CACHE_WRITE_1H)),
                                    plain(row.price(UsageCounts.Kind.CACHE_READ)))
                    + "  1,000 web searches %s USD, web fetches free%n  source: %s%n"
                            .formatted(plain(row.price(UsageCounts.Kind.WEB_SEARCH)), row.source());
        }

        private static String cost(Cost cost) {
            String form = "%-16s %16s %14s %12s %10s %24s%n";
            var text = new StringBuilder("%nCost by the row %s%s:%n%n"
                    .formatted(cost.quote().row().scope(), cost.quote().assumed() ? " (assumed)" : ""));
            text.append(form.formatted("kind", "count", "USD", "for", "factor", "nano-dollars"));
            for (Cost.Term term : cost.terms()) {
                text.append(form.formatted(
                        term.kind().label(),
                        term.count(),
                        plain(term.price()),
                        term.kind().unit(),
                        plain(term.factor()),
                        plain(term.nanos())));
            }
            return text.append("%ncost: %d nano-dollars, rounded up (exactly %s USD)%n"
                            .formatted(cost.nanos(), plain(cost.dollars())))
                    .toString();
        }

        private static String plain(BigDecimal number) {
            return number.stripTrailingZeros().toPlainString();
        }

        private static String word(Enum<?> choice) {
            return choice.name().toLowerCase(Locale.ROOT);
        }
    }
}
