package dev.warder.cli;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Understands the command line. Values of settings are not looked at here; the configuration reader does that. */
public final class CommandLine {
    private static final String PEPPER = "clients.pepper";
    private static final Map<String, Command.Auth.Action> ACTIONS = Arrays.stream(Command.Auth.Action.values())
            .collect(Collectors.toMap(action -> action.name().toLowerCase(Locale.ROOT), Function.identity()));
    private static final List<String> NOT_FOR_AUTH = List.of("demo", "host", "port", "context");
    private static final int LAST_PORT = 65_535;
    // The unreserved characters of RFC 3986, and no segment of dots alone.
    private static final Pattern CONTEXT = Pattern.compile("/|(/(?!\\.{1,2}(/|$))[A-Za-z0-9._~-]+)+");

    private final Arguments arguments;
    private final List<String> problems;
    private final List<String> notes = new ArrayList<>();

    private CommandLine(Arguments arguments) {
        this.arguments = arguments;
        this.problems = new ArrayList<>(arguments.problems());
    }

    /**
     * What to do.
     *
     * @throws UsageException with every problem of the command line and of the file that it names
     */
    public static Command parse(String... arguments) throws UsageException {
        return new CommandLine(new Arguments(arguments)).command();
    }

    private Command command() throws UsageException {
        if (arguments.has("help")) {
            return new Command.Help();
        }
        if (arguments.has("version")) {
            return new Command.ShowVersion();
        }
        List<String> words = arguments.words();
        Command command = words.isEmpty() ? serve() : words.get(0).equals("auth") ? auth(words) : newToken(words);
        if (!problems.isEmpty()) {
            throw new UsageException(problems);
        }
        return command;
    }

    private Command newToken(List<String> words) {
        if (!words.get(0).equals("token")) {
            problems.add(
                    "the only commands are: token NAME, and auth with login, status, validate, refresh or logout (options begin with --)");
        } else if (words.size() != 2) {
            problems.add("token: needs one name, that of the client: token NAME");
        }
        arguments
                .besides(Set.of(PEPPER))
                .forEach(name -> problems.add("--" + name + ": has no meaning for the command token"));
        return new Command.NewToken(words.get(words.size() - 1), arguments.value(PEPPER, ""));
    }

    private Command auth(List<String> words) {
        var action = words.size() > 1 ? ACTIONS.get(words.get(1)) : null;
        if (words.size() > 1 && words.get(1).equals("info")) {
            problems.add("auth info: is auth status here");
            action = Command.Auth.Action.STATUS;
        } else if (action == null || words.size() > 3) {
            problems.add(
                    "auth: needs one of login, status, validate, refresh and logout, and perhaps the credential's name");
            action = Command.Auth.Action.STATUS;
        }
        Map<String, String> settings = settings();
        NOT_FOR_AUTH.stream()
                .filter(arguments::has)
                .forEach(name -> problems.add("--" + name + ": has no meaning for the command auth"));
        return new Command.Auth(action, words.stream().skip(2).findFirst(), settings);
    }

    private Command serve() {
        String host = arguments.value("host", "127.0.0.1");
        if (host.isEmpty()) {
            problems.add("--host: is empty; give a name or an address, such as 127.0.0.1 or 0.0.0.0");
        }
        String context = arguments.value("context", "/");
        if (!CONTEXT.matcher(context).matches()) {
            problems.add("--context: must be / or begin with / and not end with it, letters, digits and . _ ~ - only");
        }
        boolean demo = arguments.has("demo");
        int port = port(arguments.value("port", "8080"));
        Map<String, String> settings = settings();
        if (demo) {
            settings.keySet().stream()
                    .filter(name -> name.startsWith("upstream."))
                    .forEach(name -> problems.add(name + ": cannot be set together with --demo"));
        }
        return new Command.Serve(host, port, context, demo, settings, notes);
    }

    private int port(String text) {
        if (text.matches("[0-9]{1,5}") && Integer.parseInt(text) <= LAST_PORT) {
            return Integer.parseInt(text);
        }
        problems.add("--port: must be a number from 0 (a free port) to " + LAST_PORT);
        return 0;
    }

    private Map<String, String> settings() {
        Map<String, String> settings = new TreeMap<>();
        if (arguments.has("config")) {
            try {
                settings.putAll(ConfigFile.read(arguments.value("config", "")));
            } catch (UsageException unusable) {
                problems.addAll(unusable.problems());
            }
        }
        arguments.settings().forEach((name, value) -> {
            noteRival(name, settings.getOrDefault(name, ""));
            settings.put(name, value);
        });
        return settings;
    }

    /** In the words that the configuration has for it, by name only: a value may be a secret. */
    private void noteRival(String name, String inFile) {
        if (!inFile.isBlank()) {
            notes.add(name + ": is set more than once; --" + name + " counts, not the --config file");
        }
    }
}
