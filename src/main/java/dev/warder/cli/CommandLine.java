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

    private final List<String> problems = new ArrayList<>();
    private final List<String> notes = new ArrayList<>();

    private CommandLine(ParseResult program) {
        this.program = program;
        this.command = program.hasSubcommand() ? program.subcommand() : program;
    }

    /**
     * Parses the arguments.
     *
     * @throws UsageException with every problem of the command line and of the file that it names
     */
    public static Command parse(String... arguments) throws UsageException {
        return new CommandLine(new picocli.CommandLine(Grammar.program(arguments)).parseArgs(arguments)).command();
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
        return new Command.NewToken(client.orElseThrow(), value(PEPPER).orElse(""));
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
        var settings = settingsOf(Grammar.AUTH);
        return new Command.Auth(action.orElseThrow(), word(1), settings);
    }

    private Command price() throws UsageException {
        Optional<String> model = word(0);
        if (model.isEmpty() || hasMoreWords()) {
            problems.add("price: needs one name, that of the model: price MODEL");
        }
        var settings = settingsOf(Grammar.PRICE);
        return new Command.Price(model.orElseThrow(), PriceOptions.of(given), value("credential"), settings);
    }

    private Command copyDatabase() throws UsageException {
        if (word(0).filter("copy"::equals).isEmpty() || hasMoreWords()) {
            problems.add("database: needs the word copy: database copy --data.dir=PATH --database.url=URL");
        }
        return new Command.CopyDatabase(settingsOf(Grammar.DATABASE));
    }

    /** The settings of a command that ends by itself, whose words were checked. */
    private Map<String, String> settingsOf(String commandName) throws UsageException {
        var settings = settings();
        refuse(ONLY_FOR_SERVING::contains, commandName);
        requireNoProblem();
        return settings;
    }

    private Command administer() throws UsageException {
        var words = new ArrayList<String>();
        for (int i = 0; i < Grammar.MOST_WORDS; i++) {
            word(i).ifPresent(words::add);
        }
        var options = new AdminOptions(command.commandSpec().name(), words, given);
        problems.addAll(options.problems(hasMoreWords()));
        Map<String, String> settings = settings();
        requireNoProblem();
        return options.command(settings);
    }

    private Command serve() throws UsageException {
        if (hasMoreWords()) {
            problems.add(
                    "the only commands are: token NAME, price MODEL, database copy, auth with login, status, validate, refresh or logout, and, for a running gateway, "
                            + String.join(", ", AdminOptions.NOUNS) + " (options begin with --)");
        }
        boolean demo = given.containsKey("demo");
        Map<String, String> settings = settings();
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
                given.containsKey("warm"),
                settings,
                notes);
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
     * The values that the operator wrote on the command line and in the file that {@code --config} names, properties in UTF-8; by
     * the public names of settings. Notes each setting that both have, and each that is gone.
     */
    private Map<String, String> settings() {
        Map<String, String> settings = new TreeMap<>();
        value("config").ifPresent(file -> readFile(file, settings));
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
        return settings;
    }

    private void readFile(String path, Map<String, String> settings) {
        var properties = new Properties();
        try {
            properties.load(new StringReader(TextFile.read(path)));
        } catch (InvalidValueException unusable) {
            problems.add("--config: the file " + unusable.reason());
        } catch (IOException | IllegalArgumentException malformed) {
            problems.add("--config: the file holds a malformed \\u escape");
        }
        int before = problems.size();
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
        if (problems.size() > before) {
            settings.clear();
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
