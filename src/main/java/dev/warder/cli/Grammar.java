package dev.warder.cli;

import dev.warder.config.Setting;
import dev.warder.config.TextFile;
import java.util.List;
import java.util.Map;
import java.util.Stack;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Help;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ScopeType;

/**
 * The commands, options and settings, as picocli parses them and shows them in the help. Every command knows every option of
 * the program, so that one in the wrong place is reported as such, not as unknown; only {@link PriceOptions} and {@link
 * AdminOptions} belong to one command. Values are texts, which {@link CommandLine} checks. A new grammar is built for each parse,
 * since picocli stores the values in it.
 */
final class Grammar {
    static final String TOKEN = "token";
    static final String AUTH = "auth";
    static final String PRICE = "price";
    static final String DATABASE = "database";

    private static final int WIDTH = 120;

    /** The words that a command can have. */
    static final int MOST_WORDS = 3;

    /**
     * A character that no argument can contain, set as the end of the options: with the default, {@code --} would end them and
     * not be reported as a problem.
     */
    private static final String NO_DELIMITER = "\0";

    private Grammar() {}

    /** The program as these arguments need it: picocli copies all options into each command that there is. */
    static CommandSpec program(String... arguments) {
        CommandSpec program = command(0)
                .addOption(shown("host", CommandLine.DEFAULTS.get("host"), "address to listen on; 0.0.0.0 for all"))
                .addOption(shown("port", CommandLine.DEFAULTS.get("port"), "port to listen on; 0 for a free one"))
                .addOption(
                        shown("context", CommandLine.DEFAULTS.get("context"), "path under which everything is served"))
                .addOption(shown("config", "FILE", "settings from a file (UTF-8 properties); the command line wins"))
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
            program.addOption(option(setting.publicName()).hidden(true).build());
        }
        for (var retired : Setting.Retired.values()) {
            program.addOption(option(retired.publicName()).hidden(true).build());
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

    /** The text of {@code --help}: the usage, the options as picocli lists them, and every setting. */
    static String help() {
        var program = program();
        program.usageMessage().width(WIDTH).sortOptions(false);
        var settings = new StringBuilder();
        for (Setting setting : Setting.values()) {
            settings.append("  %-30s %s%n".formatted("--" + setting.publicName(), setting.help()));
            setting.defaultText().ifPresent(value -> settings.append("  %-30s (default: %s)%n".formatted("", value)));
        }
        return TextFile.of(Grammar.class, "help.txt")
                .replace("{options}", new Help(program, Help.defaultColorScheme(Help.Ansi.OFF)).optionList())
                .replace("{settings}", settings);
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

    private static OptionSpec shown(String name, @Nullable String value, String description) {
        return option(name).paramLabel(value).description(description).build();
    }

    /** @param name without the dashes */
    static OptionSpec.Builder option(String name) {
        return OptionSpec.builder("--" + name)
                .arity("1")
                .type(String.class)
                .converters(String::strip)
                .scopeType(ScopeType.INHERIT)
                .preprocessor(Grammar::requireValue);
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
}
