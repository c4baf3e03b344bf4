package dev.warder.cli;

import dev.warder.config.InvalidValueException;
import dev.warder.config.NameHint;
import dev.warder.config.RetiredSetting;
import dev.warder.config.Setting;
import dev.warder.config.TextFile;
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
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.OverwrittenOptionException;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.TypeConversionException;

/**
 * Turns the result of picocli into a command, or into all problems at once. The values of settings are checked later, by the
 * configuration reader. One thread at a time.
 */
public final class CommandLine {
    private static final String PEPPER = "clients.pepper";
    private static final Map<String, Command.Auth.Action> ACTIONS = Arrays.stream(Command.Auth.Action.values())
            .collect(Collectors.toMap(action -> action.name().toLowerCase(Locale.ROOT), Function.identity()));
    private static final Set<String> ONLY_FOR_SERVING = Set.of("demo", "warm", "host", "port", "context");

    /** Options of programs that Warder replaces, and what replaces them. */
    private static final Map<String, String> FORMER = Map.of(
            "--verbose",
            "is not an option here; start java with -Djava.util.logging.config.file=FILE and dev.warder.level=FINE in it",
            "--disable-bearer-passthrough",
            "is --passthrough=false here",
            "--allow-bearer-passthrough",
            "is --passthrough=true here, which is the default");

    private final ParseResult program;
    private final ParseResult command;
    /** The options before and after the subcommand, by name without the dashes. */
    private final Map<String, OptionSpec> given = new TreeMap<>();

    private final Map<String, String> settings = new TreeMap<>();
    private final List<String> problems = new ArrayList<>();
    private final List<String> notes = new ArrayList<>();

    /**
     * What was asked for.
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

    private CommandLine(ParseResult program) {
        this.program = program;
        this.command = program.hasSubcommand() ? program.subcommand() : program;
    }

    /**
     * Parses the arguments.
     *
     * @throws UsageException with every problem of the command line and of the file that it names
     */
    public static Asked parse(String... arguments) throws UsageException {
        var line = new CommandLine(new picocli.CommandLine(Grammar.program(arguments)).parseArgs(arguments));
        return new Asked(line.command(), line.settings, line.notes);
    }

    private Command command() throws UsageException {
        if (levels().anyMatch(ParseResult::isUsageHelpRequested)) {
            return new Command.Help();
        }
        if (levels().anyMatch(ParseResult::isVersionHelpRequested)) {
            return new Command.ShowVersion();
        }
        levels().forEach(this::collect);
        return switch (command.commandSpec().name()) {
            case Grammar.TOKEN -> newToken();
            case Grammar.AUTH -> auth();
            case Grammar.PRICE -> price();
            case Grammar.DATABASE -> copyDatabase();
            default -> AdminOptions.NOUNS.contains(command.commandSpec().name()) ? administer() : serve();
        };
    }

    private void requireNoProblem() throws UsageException {
        if (!problems.isEmpty()) {
            throw new UsageException(problems);
        }
    }

    private Stream<ParseResult> levels() {
        return Stream.of(program, command).distinct();
    }

    private void collect(ParseResult level) {
        level.errors().forEach(error -> problems.add(text(error)));
        level.unmatched().stream()
                .filter(CommandLine::isOption)
                .forEach(argument -> problems.add(unknown(argument, level.commandSpec())));
        for (OptionSpec option : level.matchedOptions()) {
            if (given.put(option.longestName().substring("--".length()), option) != null) {
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
        value(PEPPER).ifPresent(pepper -> settings.put(PEPPER, pepper));
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
        readSettingsOf(Grammar.PRICE);
        return new Command.Price(model.orElseThrow(), PriceOptions.of(given), value("credential"));
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
        var asked = AdminOptions.command(command.commandSpec().name(), words, given);
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
        requireNoProblem();
        var options = program.commandSpec();
        return new Command.Serve(
                options.findOption("--host").getValue(),
                options.findOption("--port").getValue(),
                options.findOption("--context").getValue(),
                demo,
                given.containsKey("warm"));
    }

    private Optional<String> word(int index) {
        return command.hasMatchedPositional(index)
                ? Optional.of(command.matchedPositionalValue(index, ""))
                : Optional.empty();
    }

    private boolean hasMoreWords() {
        return levels().flatMap(level -> level.unmatched().stream()).anyMatch(argument -> !isOption(argument));
    }

    private void refuse(Predicate<String> option, String commandName) {
        given.keySet().stream()
                .filter(option)
                .forEach(name -> problems.add("--" + name + ": has no meaning for the command " + commandName));
    }

    private Optional<String> value(String option) {
        return Optional.ofNullable(given.get(option)).map(OptionSpec::getValue);
    }

    /**
     * Reads what the operator wrote on the command line and in the file that {@code --config} names, properties in UTF-8. Notes
     * each setting that both have, and each that is gone.
     */
    private void readSettings() {
        value("config").ifPresent(this::readFile);
        given.forEach((name, option) -> {
            if (Setting.find(name).isPresent()) {
                if (!settings.getOrDefault(name, "").isBlank()) {
                    // In the wording of the configuration reader. It has only the name: a value may be secret.
                    notes.add(name + ": is set more than once; --" + name + " counts, not the --config file");
                }
                settings.put(name, option.getValue());
            }
            RetiredSetting.find(name).map(RetiredSetting::note).ifPresent(notes::add);
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
            } else if (RetiredSetting.find(name).isPresent()) {
                notes.add(RetiredSetting.find(name).get().note());
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
            // picocli's own message about an invalid value repeats the value.
            String reason = refused.getCause() instanceof TypeConversionException invalid
                    ? invalid.getMessage()
                    : refused.getMessage();
            return option.longestName() + ": " + reason;
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
}
