package dev.warder.cli;

import dev.warder.config.NameHint;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.OverwrittenOptionException;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.TypeConversionException;

/** The problems that picocli reports, in lines that begin with the option's name and never contain its value. */
final class ParseProblems {
    /** Options of programs that Warder replaces, and what replaces them. */
    private static final Map<String, String> FORMER = Map.of(
            "--verbose",
            "is not an option here; start java with -Djava.util.logging.config.file=FILE and dev.warder.level=FINE in it",
            "--disable-bearer-passthrough",
            "is --passthrough=false here",
            "--allow-bearer-passthrough",
            "is --passthrough=true here, which is the default");

    private ParseProblems() {}

    /** The problems of the program, or of its subcommand; words without dashes are not among them. */
    static List<String> of(ParseResult level) {
        List<String> problems = new ArrayList<>();
        level.errors().forEach(error -> problems.add(text(error)));
        level.unmatched().stream()
                .filter(ParseProblems::isOption)
                .forEach(argument -> problems.add(unknown(argument, level.commandSpec())));
        return problems;
    }

    /** Whether an argument is written as an option. */
    static boolean isOption(String argument) {
        return argument.startsWith("--");
    }

    /** The problem of an option that is repeated on the command line. */
    static String twice(OptionSpec option) {
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
        return NameHint.nearest(name, names)
                .map(near -> "; did you mean " + near + "?")
                .orElse("; --help lists all");
    }
}
