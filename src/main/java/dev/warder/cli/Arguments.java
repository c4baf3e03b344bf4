package dev.warder.cli;

import dev.warder.config.NameHint;
import dev.warder.config.Setting;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/**
 * The words of a command line, sorted but not yet understood: commands, flags, options with a value, settings.
 * Whatever has no place is a problem. One thread at a time.
 */
final class Arguments {
    static final List<String> FLAGS = List.of("demo", "help", "version");
    static final List<String> OPTIONS = List.of("host", "port", "context", "config");

    /** Flags of systems that Warder replaces, and what takes their place. */
    private static final Map<String, String> FORMER = Map.of(
            "verbose",
            "is not an option here; start java with -Djava.util.logging.config.file=FILE and dev.warder.level=FINE in it",
            "disable-bearer-passthrough",
            "is --passthrough=false here",
            "allow-bearer-passthrough",
            "is --passthrough=true here, which is the default");

    private final List<String> words = new ArrayList<>();
    private final Map<String, String> values = new LinkedHashMap<>();
    private final List<String> problems = new ArrayList<>();

    Arguments(String[] arguments) {
        for (int i = 0; i < arguments.length; i++) {
            i += sort(arguments[i], i + 1 < arguments.length ? arguments[i + 1] : "--");
        }
    }

    /** Sorts one argument; returns 1 when {@code next} was its value, as in {@code --port 8080}. */
    private int sort(String argument, String next) {
        if (argument.equals("-h")) {
            put("help", "");
            return 0;
        }
        if (!argument.startsWith("--")) {
            words.add(argument);
            return 0;
        }
        int equals = argument.indexOf('=');
        String name = argument.substring(2, equals < 0 ? argument.length() : equals);
        boolean apart = equals < 0 && takesValue(name) && !next.startsWith("--");
        if (accepts(name, equals >= 0 || apart)) {
            put(
                    name,
                    apart
                            ? next.strip()
                            : equals < 0 ? "" : argument.substring(equals + 1).strip());
        }
        return apart ? 1 : 0;
    }

    private static boolean takesValue(String name) {
        return OPTIONS.contains(name) || Setting.named(name).isPresent();
    }

    private boolean accepts(String name, boolean valued) {
        boolean flag = FLAGS.contains(name);
        if (!flag && !takesValue(name)) {
            String formerly = FORMER.get(name);
            problems.add("--" + name + ": " + (formerly == null ? "unknown option" + hint(name) : formerly));
            return false;
        }
        if (flag == valued) {
            problems.add("--" + name + (flag ? ": takes no value" : ": needs a value, --" + name + "=..."));
        }
        return flag != valued;
    }

    private static String hint(String name) {
        List<String> names =
                Stream.of(FLAGS, OPTIONS, settingNames()).flatMap(List::stream).toList();
        return NameHint.nearest(name, names)
                .map(near -> "; did you mean --" + near + "?")
                .orElse("; --help lists all");
    }

    static List<String> settingNames() {
        return Arrays.stream(Setting.values()).map(Setting::publicName).toList();
    }

    private void put(String name, String value) {
        if (values.putIfAbsent(name, value) != null) {
            problems.add("--" + name + ": given twice");
        }
    }

    /** What stands without dashes, in order. */
    List<String> words() {
        return List.copyOf(words);
    }

    boolean has(String name) {
        return values.containsKey(name);
    }

    String value(String name, String otherwise) {
        return values.getOrDefault(name, otherwise);
    }

    /** The settings among the options, by public name. */
    Map<String, String> settings() {
        Map<String, String> settings = new LinkedHashMap<>(values);
        settings.keySet().removeIf(name -> Setting.named(name).isEmpty());
        return settings;
    }

    /** Everything given that is not among {@code names}. */
    List<String> besides(Set<String> names) {
        return values.keySet().stream().filter(name -> !names.contains(name)).toList();
    }

    List<String> problems() {
        return List.copyOf(problems);
    }
}
