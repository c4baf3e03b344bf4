package dev.warder.cli;

import dev.warder.config.InvalidValueException;
import dev.warder.config.RetiredSetting;
import dev.warder.config.Setting;
import dev.warder.config.ValueSyntax;
import java.util.List;
import java.util.Map;
import java.util.Stack;
import java.util.TreeSet;
import java.util.regex.Pattern;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.TypeConversionException;

/**
 * The commands, options and settings, as picocli parses them and shows them in the help. Every command knows every option of
 * the program, so that one in the wrong place is reported as such, not as unknown; only {@link PriceOptions} and {@link
 * AdminOptions} belong to one command. A new grammar is built for each parse, since picocli stores the values in it.
 */
final class Grammar {
    static final String TOKEN = "token";
    static final String AUTH = "auth";
    static final String PRICE = "price";
    static final String DATABASE = "database";

    /** The words that a command can have. */
    static final int MOST_WORDS = 3;

    private static final int LAST_PORT = 65_535;
    // The unreserved characters of RFC 3986, and no segment that consists of dots alone.
    private static final Pattern CONTEXT = Pattern.compile("/|(/(?!\\.{1,2}(/|$))[A-Za-z0-9._~-]+)+");
    /**
     * A character that no argument can contain, set as the end of the options: with the default, {@code --} would end them and
     * not be reported as a problem.
     */
    private static final String NO_DELIMITER = "\0";

    private Grammar() {}

    /** The program as these arguments need it: picocli copies all options into each command that there is. */
    static CommandSpec program(String... arguments) {
        CommandSpec program = command(0)
                .addOption(withDefault(
                        "host", "127.0.0.1", "address to listen on; 0.0.0.0 for all", String.class, Grammar::host))
                .addOption(withDefault(
                        "port", "8080", "port to listen on; 0 for a free one", Integer.class, Grammar::port))
                .addOption(withDefault(
                        "context", "/", "path under which everything is served", String.class, Grammar::context))
                .addOption(option("--config")
                        .paramLabel("FILE")
                        .description("settings from a file (UTF-8 properties); the command line wins")
                        .build())
                .addOption(flag("use a built-in stand-in for the API: no account, no network", "--demo")
                        .build())
                .addOption(flag(
                                "send requests to itself for up to 2 s first, so that the first clients find compiled code",
                                "--warm")
                        .build())
                .addOption(flag("show this", "--help", "-h").usageHelp(true).build())
                .addOption(
                        flag("show the version", "--version").versionHelp(true).build());
        for (Setting setting : Setting.values()) {
            program.addOption(option("--" + setting.publicName()).hidden(true).build());
        }
        for (var retired : RetiredSetting.values()) {
            program.addOption(option("--" + retired.publicName()).hidden(true).build());
        }
        for (String word : new TreeSet<>(List.of(arguments))) {
            switch (word) {
                case AUTH, TOKEN -> program.addSubcommand(word, command(2));
                case DATABASE -> program.addSubcommand(word, command(1));
                case PRICE -> program.addSubcommand(word, PriceOptions.addTo(command(1)));
                default -> {
                    if (AdminOptions.NOUNS.contains(word)) {
                        program.addSubcommand(word, AdminOptions.addTo(command(MOST_WORDS), word));
                    }
                }
            }
        }
        return program;
    }

    private static CommandSpec command(int words) {
        CommandSpec command = CommandSpec.create();
        for (int i = 0; i < words; i++) {
            command.addPositional(PositionalParamSpec.builder()
                    .index(Integer.toString(i))
                    .arity("0..1")
                    .type(String.class)
                    .build());
        }
        command.parser()
                .expandAtFiles(false)
                .collectErrors(true)
                .unmatchedArgumentsAllowed(true)
                .overwrittenOptionsAllowed(false)
                .posixClusteredShortOptionsAllowed(false)
                .allowOptionsAsOptionParameters(true)
                .allowSubcommandsAsOptionParameters(true)
                .endOfOptionsDelimiter(NO_DELIMITER);
        return command;
    }

    private static <T> OptionSpec withDefault(
            String name, String value, String description, Class<T> type, ValueSyntax.Parser<T> parser) {
        return checked(name, type, parser)
                .defaultValue(value)
                .paramLabel(value)
                .description(description)
                .build();
    }

    static OptionSpec.Builder option(String name) {
        return OptionSpec.builder(name)
                .arity("1")
                .type(String.class)
                .converters(String::strip)
                .scopeType(ScopeType.INHERIT)
                .preprocessor(Grammar::requireValue);
    }

    /**
     * An option whose value is checked at once.
     *
     * @param name without the dashes
     */
    static <T> OptionSpec option(String name, Class<T> type, ValueSyntax.Parser<T> parser) {
        return checked(name, type, parser).build();
    }

    private static <T> OptionSpec.Builder checked(String name, Class<T> type, ValueSyntax.Parser<T> parser) {
        ITypeConverter<T> converter = text -> {
            try {
                return parser.parse(text.strip());
            } catch (InvalidValueException refused) {
                throw new TypeConversionException(refused.reason());
            }
        };
        return option("--" + name).type(type).converters(converter);
    }

    static OptionSpec.Builder flag(String description, String... names) {
        return OptionSpec.builder(names)
                .arity("0")
                .type(Boolean.class)
                .description(description)
                .scopeType(ScopeType.INHERIT)
                .preprocessor(Grammar::refuseValue);
    }

    /** Refuses a value in an argument of its own that begins with two dashes: it is the next option, perhaps misspelt. */
    private static boolean requireValue(
            Stack<String> arguments, CommandSpec command, ArgSpec option, Map<String, Object> info) {
        if (!isAttached(info) && (arguments.isEmpty() || arguments.peek().startsWith("--"))) {
            String name = ((OptionSpec) option).longestName();
            throw new ParameterException(command.commandLine(), "needs a value, " + name + "=...", option, "");
        }
        return false;
    }

    private static boolean refuseValue(
            Stack<String> arguments, CommandSpec command, ArgSpec flag, Map<String, Object> info) {
        if (isAttached(info)) {
            arguments.pop();
            throw new ParameterException(command.commandLine(), "takes no value", flag, "");
        }
        return false;
    }

    private static boolean isAttached(Map<String, Object> info) {
        return "=".equals(info.get("separator"));
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
}
