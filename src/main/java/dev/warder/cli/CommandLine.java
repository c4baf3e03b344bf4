package dev.warder.cli;

import dev.warder.config.InvalidValueException;
import dev.warder.config.NameHint;
import dev.warder.config.Setting;
import dev.warder.config.TextFile;
import dev.warder.config.ValueSyntax;
import java.io.IOException;
import java.io.StringReader;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.OverwrittenOptionException;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;

/**
 * Turns the result of picocli into a command, or into all problems at once. The values of settings are checked later, by the
 * configuration reader. One thread at a time.
 */
public final class CommandLine {
    private static final String PEPPER = "clients.pepper";
    private static final Map<String, Command.Auth.Action> ACTIONS = Arrays.stream(Command.Auth.Action.values())
            .collect(Collectors.toMap(action -> action.name().toLowerCase(Locale.ROOT), Function.identity()));
    private static final int LAST_PORT = 65_535;
    // The unreserved characters of RFC 3986, and no segment that consists of dots alone.
    private static final Pattern CONTEXT = Pattern.compile("/|(/(?!\\.{1,2}(/|$))[A-Za-z0-9._~-]+)+");
    private static final Set<String> ONLY_FOR_SERVING = Set.of("demo", "warm", "host", "port", "context");
    private static final Set<String> FLAGS = Set.of("demo", "warm");
    private static final Set<String> WITH_VALUE = Set.of("host", "port", "context", "config");
    static final Map<String, String> DEFAULTS = Map.of("host", "127.0.0.1", "port", "8080", "context", "/");

    /** Options of programs that Warder replaces, and what replaces them. */
    private static final Map<String, String> FORMER = Map.of(
            "--verbose",
            "is not an option here; start java with -Djava.util.logging.config.file=FILE and dev.warder.level=FINE in it",
            "--disable-bearer-passthrough",
            "is --passthrough=false here",
            "--allow-bearer-passthrough",
            "is --passthrough=true here, which is the default");

    /** The program and its subcommand; nothing for a line that picocli need not parse. */
    private final List<ParseResult> levels;
    /** The options before and after the subcommand, by name without the dashes. */
    private final Map<String, String> given;

    private final Map<String, String> settings = new TreeMap<>();
    private final List<String> problems = new ArrayList<>();
    private final List<String> notes = new ArrayList<>();

    /**
     * The parsed words of the command line.
     *
     * @param settings the public names of settings with the values that the operator wrote; values may be secret
     * @param notes remarks about these settings for the operator, by name
     */
    public record Asked(Command command, Map<String, String> settings, List<String> notes) {
        @Override
        public String toString() {
            return command.toString();
        }
    }

    private CommandLine(List<ParseResult> levels, Map<String, String> given) {
        this.levels = levels;
        this.given = given;
    }

    /**
     * Parses the arguments.
     *
     * @throws UsageException with every problem of the command line and of the file that it names
     */
    public static Asked parse(String... arguments) throws UsageException {
        var options = options(arguments);
        var line = options.isPresent() ? new CommandLine(List.of(), options.get()) : parsed(arguments);
        return new Asked(options.isPresent() ? line.serve() : line.command(), line.settings, line.notes);
    }

    /**
     * The options of a line that has nothing else, each known, once and with its value: so gateways are started. A start can do
     * without the 150 classes of picocli, which explains all other lines.
     */
    private static Optional<Map<String, String>> options(String... arguments) {
        var options = new TreeMap<String, String>();
        for (String argument : arguments) {
            String[] parts = argument.split("=", 2);
            String name = isOption(argument) ? parts[0].substring("--".length()) : "";
            boolean isKnown = parts.length == 1
                    ? FLAGS.contains(name)
                    : WITH_VALUE.contains(name) || Setting.find(name).isPresent();
            if (!isKnown || options.put(name, parts.length == 1 ? "" : parts[1].strip()) != null) {
                return Optional.empty();
            }
        }
        return Optional.of(options);
    }

    private static CommandLine parsed(String... arguments) {
        var program = new picocli.CommandLine(Grammar.program(arguments)).parseArgs(arguments);
        var levels = program.hasSubcommand() ? List.of(program, program.subcommand()) : List.of(program);
        return new CommandLine(levels, new TreeMap<>());
    }

    private Command command() throws UsageException {
        if (levels.stream().anyMatch(ParseResult::isUsageHelpRequested)) {
            return new Command.Help();
        }
        if (levels.stream().anyMatch(ParseResult::isVersionHelpRequested)) {
            return new Command.ShowVersion();
        }
        levels.stream().forEach(this::collect);
        return switch (commandName()) {
            case Grammar.TOKEN -> newToken();
            case Grammar.AUTH -> auth();
            case Grammar.PRICE -> price();
            case Grammar.DATABASE -> copyDatabase();
            default -> AdminOptions.NOUNS.contains(commandName()) ? administer() : serve();
        };
    }

    private void requireNoProblem() throws UsageException {
        if (!problems.isEmpty()) {
            throw new UsageException(problems);
        }
    }

    private void collect(ParseResult level) {
        level.errors().forEach(error -> problems.add(text(error)));
        level.unmatched().stream()
                .filter(CommandLine::isOption)
                .forEach(argument -> problems.add(unknown(argument, level.commandSpec())));
        for (OptionSpec option : level.matchedOptions()) {
            String value = String.valueOf(option.<Object>getValue());
            if (given.put(option.longestName().substring("--".length()), value) != null) {
                problems.add(twice(option));
            }
        }
    }

    private Command newToken() throws UsageException {
        Optional<String> client = word(0);
        if (client.filter("list"::equals).isPresent()) {
            problems.add("token list: is admin GET tokens here");
        } else if (client.isEmpty() || word(1).isPresent() || hasMoreWords()) {
            problems.add("token: needs one name, that of the client: token NAME");
        }
        refuse(name -> !name.equals(PEPPER), Grammar.TOKEN);
        requireNoProblem();
        Optional.ofNullable(given.get(PEPPER)).ifPresent(pepper -> settings.put(PEPPER, pepper));
        return new Command.NewToken(client.orElseThrow());
    }

    private Command auth() throws UsageException {
        Optional<String> word = word(0);
        var action = word.map(ACTIONS::get);
        if (word.filter("info"::equals).isPresent()) {
            problems.add("auth info: is auth status here");
        } else if (action.isEmpty() || hasMoreWords()) {
            problems.add(
                    "auth: needs one of login, status, validate, refresh and logout, and perhaps the credential's name");
        }
        readSettingsOf(Grammar.AUTH);
        return new Command.Auth(action.orElseThrow(), word(1));
    }

    private Command price() throws UsageException {
        Optional<String> model = word(0);
        if (model.isEmpty() || hasMoreWords()) {
            problems.add("price: needs one name, that of the model: price MODEL");
        }
        var options = PriceOptions.of(this);
        readSettingsOf(Grammar.PRICE);
        return new Command.Price(model.orElseThrow(), options, Optional.ofNullable(given.get(PriceOptions.CREDENTIAL)));
    }

    private Command copyDatabase() throws UsageException {
        if (word(0).filter("copy"::equals).isEmpty() || hasMoreWords()) {
            problems.add("database: needs the word copy: database copy --data.dir=PATH --database.url=URL");
        }
        readSettingsOf(Grammar.DATABASE);
        return new Command.CopyDatabase();
    }

    /** Reads the settings of a command that ends by itself, whose words were checked. */
    private void readSettingsOf(String commandName) throws UsageException {
        readSettings();
        refuse(ONLY_FOR_SERVING::contains, commandName);
        requireNoProblem();
    }

    private Command administer() throws UsageException {
        var words = IntStream.range(0, Grammar.MOST_WORDS)
                .mapToObj(this::word)
                .flatMap(Optional::stream)
                .toList();
        var asked = AdminOptions.command(commandName(), words, this);
        problems.addAll(AdminOptions.problems(asked, hasMoreWords(), given.keySet()));
        readSettings();
        requireNoProblem();
        return asked;
    }

    private Command serve() throws UsageException {
        if (hasMoreWords()) {
            problems.add(
                    "the only commands are: token NAME, price MODEL, database copy, auth with login, status, validate, refresh or logout, and, for a running gateway, "
                            + String.join(", ", AdminOptions.NOUNS) + " (options begin with --)");
        }
        boolean demo = given.containsKey("demo");
        readSettings();
        if (demo) {
            settings.keySet().stream()
                    .filter(name -> name.startsWith("upstream."))
                    .forEach(name -> problems.add(name + ": cannot be set together with --demo"));
        }
        DEFAULTS.forEach(given::putIfAbsent);
        var host = value("host", CommandLine::host);
        var port = value("port", CommandLine::port);
        var context = value("context", CommandLine::context);
        requireNoProblem();
        return new Command.Serve(
                host.orElseThrow(), port.orElseThrow(), context.orElseThrow(), demo, given.containsKey("warm"));
    }

    private static String host(String text) throws InvalidValueException {
        if (text.isEmpty()) {
            throw new InvalidValueException("is empty; give a name or an address, such as 127.0.0.1 or 0.0.0.0");
        }
        return text;
    }

    private static Integer port(String text) throws InvalidValueException {
        if (!text.matches("[0-9]{1,5}") || Integer.parseInt(text) > LAST_PORT) {
            throw new InvalidValueException("must be a number from 0 (a free port) to " + LAST_PORT);
        }
        return Integer.valueOf(text);
    }

    private static String context(String text) throws InvalidValueException {
        if (!CONTEXT.matcher(text).matches()) {
            throw new InvalidValueException(
                    "must be / or begin with / and not end with it, letters, digits and . _ ~ - only");
        }
        return text;
    }

    /** Only of a line that picocli has parsed. */
    private ParseResult last() {
        return levels.get(levels.size() - 1);
    }

    private String commandName() {
        return last().commandSpec().name();
    }

    private Optional<String> word(int index) {
        return last().hasMatchedPositional(index)
                ? Optional.of(last().matchedPositionalValue(index, ""))
                : Optional.empty();
    }

    private boolean hasMoreWords() {
        return levels.stream().flatMap(level -> level.unmatched().stream()).anyMatch(argument -> !isOption(argument));
    }

    private void refuse(Predicate<String> option, String commandName) {
        given.keySet().stream()
                .filter(option)
                .forEach(name -> problems.add("--" + name + ": has no meaning for the command " + commandName));
    }

    Set<String> given() {
        return given.keySet();
    }

    /** The value of an option; empty if it was not given, or not as it must be. */
    <T> Optional<T> value(String option, ValueSyntax.Parser<T> parser) {
        String text = given.get(option);
        try {
            return text == null ? Optional.empty() : Optional.of(parser.parse(text));
        } catch (InvalidValueException refused) {
            problems.add("--" + option + ": " + refused.reason());
            return Optional.empty();
        }
    }

    /**
     * Reads what the operator wrote on the command line and in the file that {@code --config} names, properties in UTF-8. Notes
     * each setting that both have, and each that is gone.
     */
    private void readSettings() {
        Optional.ofNullable(given.get("config")).ifPresent(this::readFile);
        given.forEach((name, value) -> {
            if (Setting.find(name).isPresent()) {
                if (!settings.getOrDefault(name, "").isBlank()) {
                    // In the wording of the configuration reader. It has only the name: a value may be secret.
                    notes.add(name + ": is set more than once; --" + name + " counts, not the --config file");
                }
                settings.put(name, value);
            }
            Setting.Retired.find(name).map(Setting.Retired::note).ifPresent(notes::add);
        });
    }

    private void readFile(String path) {
        var properties = new Properties();
        try {
            properties.load(new StringReader(TextFile.read(path)));
        } catch (InvalidValueException unusable) {
            problems.add("--config: the file " + unusable.reason());
        } catch (IOException | IllegalArgumentException malformed) {
            problems.add("--config: the file holds a malformed \\u escape");
        }
        for (String name : new TreeSet<>(properties.stringPropertyNames())) {
            if (Setting.find(name).isPresent()) {
                settings.put(name, properties.getProperty(name));
            } else if (Setting.Retired.find(name).isPresent()) {
                notes.add(Setting.Retired.find(name).get().note());
            } else {
                problems.add(name + ": unknown name in the --config file"
                        + NameHint.didYouMean(name, Setting.publicNames()).orElse("; --help lists all"));
            }
        }
    }

    private static boolean isOption(String argument) {
        return argument.startsWith("--");
    }

    private static String twice(OptionSpec option) {
        return option.longestName() + ": given twice";
    }

    private static String text(Exception error) {
        if (error instanceof OverwrittenOptionException twice) {
            return twice((OptionSpec) twice.getOverwritten());
        }
        if (error instanceof ParameterException refused && refused.getArgSpec() instanceof OptionSpec option) {
            return option.longestName() + ": " + refused.getMessage();
        }
        throw new IllegalStateException("picocli reported a problem that belongs to no option", error);
    }

    private static String unknown(String argument, CommandSpec command) {
        String name = argument.replaceFirst("(?s)=.*", "");
        String formerly = FORMER.get(name);
        return name + ": " + (formerly == null ? "unknown option" + hint(name, command) : formerly);
    }

    private static String hint(String name, CommandSpec command) {
        var names = command.options().stream().map(OptionSpec::longestName).toList();
        return NameHint.didYouMean(name, names).orElse("; --help lists all");
    }

    /** A command line that cannot be executed. Each problem is one line, and none contains the value of a setting. */
    public static final class UsageException extends Exception {
        private final transient List<String> problems;

        public UsageException(List<String> problems) {
            super(String.join("; ", problems));
            this.problems = List.copyOf(problems);
        }

        public UsageException(String problem) {
            this(List.of(problem));
        }

        public List<String> problems() {
            return problems;
        }
    }
}
