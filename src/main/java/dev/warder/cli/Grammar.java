package dev.warder.cli;

import dev.warder.config.InvalidValueException;
import dev.warder.config.RetiredSetting;
import dev.warder.config.Setting;
import dev.warder.config.ValueSyntax;
import java.util.Map;
import java.util.Stack;
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

    private static final int LAST_PORT = 65_535;
    // The unreserved characters of RFC 3986, and no segment that consists of dots alone.
    private static final Pattern CONTEXT = Pattern.compile("/|(/(?!\\.{1,2}(/|$))[A-Za-z0-9._~-]+)+");
    /**
     * A character that no argument can contain, set as the end of the options: with the default, {@code --} would end them and
     * not be reported as a problem.
     */
    private static final String NO_DELIMITER = "\0";

    private Grammar() {}

    static CommandSpec program() {
        CommandSpec program = command()
                .addOption(withDefault("--host", "127.0.0.1", "address to listen on; 0.0.0.0 for all")
                        .converters(Grammar::host)
                        .build())
                .addOption(withDefault("--port", "8080", "port to listen on; 0 for a free one")
                        .type(Integer.class)
                        .converters(Grammar::port)
                        .build())
                .addOption(withDefault("--context", "/", "path under which everything is served")
                        .converters(Grammar::context)
                        .build())
                .addOption(option("--config")
                        .paramLabel("FILE")
                        .description("settings from a file (UTF-8 properties); the command line wins")
                        .build())
                .addOption(flag("use a built-in stand-in for the API: no account, no network", "--demo")
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
        program.addSubcommand(AUTH, command().addPositional(word(0)).addPositional(word(1)))
                .addSubcommand(DATABASE, command().addPositional(word(0)))
                .addSubcommand(PRICE, PriceOptions.addTo(command().addPositional(word(0))));
        program.addSubcommand(TOKEN, command().addPositional(word(0)).addPositional(word(1)));
        for (String noun : AdminOptions.NOUNS) {
            program.addSubcommand(
                    noun,
                    AdminOptions.addTo(
                            command()
                                    .addPositional(word(0))
                                    .addPositional(word(1))
                                    .addPositional(word(2)),
                            noun));
        }
        return program;
    }

    private static CommandSpec command() {
        CommandSpec command = CommandSpec.create();
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

    private static OptionSpec.Builder withDefault(String name, String value, String description) {
        return option(name).defaultValue(value).paramLabel(value).description(description);
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
        ITypeConverter<T> converter = text -> {
            try {
                return parser.parse(text.strip());
            } catch (InvalidValueException refused) {
                throw new TypeConversionException(refused.reason());
            }
        };
        return option("--" + name).type(type).converters(converter).build();
    }

    static OptionSpec.Builder flag(String description, String... names) {
        return OptionSpec.builder(names)
                .arity("0")
                .type(Boolean.class)
                .description(description)
                .scopeType(ScopeType.INHERIT)
                .preprocessor(Grammar::refuseValue);
    }

    private static PositionalParamSpec word(int index) {
        return PositionalParamSpec.builder()
                .index(Integer.toString(index))
                .arity("0..1")
                .type(String.class)
                .build();
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

    private static String host(String text) {
        return valid(
                !text.isBlank(), text.strip(), "is empty; give a name or an address, such as 127.0.0.1 or 0.0.0.0");
    }

    private static Integer port(String text) {
        String digits = text.strip();
        boolean number = digits.matches("[0-9]{1,5}") && Integer.parseInt(digits) <= LAST_PORT;
        return Integer.valueOf(valid(number, digits, "must be a number from 0 (a free port) to " + LAST_PORT));
    }

    private static String context(String text) {
        String path = text.strip();
        return valid(
                CONTEXT.matcher(path).matches(),
                path,
                "must be / or begin with / and not end with it, letters, digits and . _ ~ - only");
    }

    private static String valid(boolean valid, String value, String problem) {
        if (!valid) {
            throw new TypeConversionException(problem);
        }
        return value;
    }
}
