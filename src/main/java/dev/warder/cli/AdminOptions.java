package dev.warder.cli;

import dev.warder.config.InvalidValueException;
import dev.warder.config.NameHint;
import dev.warder.config.Setting;
import dev.warder.config.ValueSyntax;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.TypeConversionException;

/** The words and options of a command for administrators. One thread at a time. */
final class AdminOptions {
    private static final String URL = "url";
    private static final String JSON = "json";
    private static final String PLAIN_HTTP = "plain-http";
    private static final String HEAD = "head";
    private static final Set<String> OF_ALL = Set.of(URL, JSON, PLAIN_HTTP, "config", Setting.ADMIN_TOKEN.publicName());
    private static final List<String> FILES =
            List.of(Setting.POLICY_FILE.publicName(), Setting.CLIENTS_FILE.publicName());

    private static final Pattern LIMIT = Pattern.compile("|[1-9][0-9]{0,14}");
    private static final Pattern BUDGET = Pattern.compile("[^/]+/[^/]+|unlimited");
    private static final Pattern NUMBER_AND_HASH = Pattern.compile("(0|[1-9][0-9]{0,17}):[0-9a-f]{64}");

    private final String noun;
    private final List<String> words;
    private final Map<String, OptionSpec> given;
    private final List<String> problems = new ArrayList<>();

    /**
     * Creates it.
     *
     * @param words the words after the noun
     * @param given the options of the command line, by name without the dashes
     */
    AdminOptions(String noun, List<String> words, Map<String, OptionSpec> given) {
        this.noun = noun;
        this.words = List.copyOf(words);
        this.given = given;
    }

    /** Whether the words after {@code token} are one of these commands, and not the name of a client. */
    static boolean isVerb(String noun, String word) {
        return AdminForm.of(noun).stream().anyMatch(form -> form.verb().equals(word));
    }

    /** Adds the options of a noun to a command and returns it. */
    static CommandSpec addTo(CommandSpec command, String noun) {
        command.addOption(with(URL, URI.class, AdminUrl::parse))
                .addOption(Grammar.flag("", "--" + JSON).build())
                .addOption(Grammar.flag("", "--" + PLAIN_HTTP).build());
        for (String name : AdminForm.optionsOf(noun)) {
            command.addOption(
                    switch (name) {
                        case HEAD -> with(name, String.class, AdminOptions::numberAndHash);
                        case DefinitionOptions.BUDGETS -> with(name, String.class, AdminOptions::budgets);
                        default ->
                            DefinitionOptions.LIMIT.contains(name)
                                    ? with(name, String.class, AdminOptions::limit)
                                    : Grammar.option("--" + name).build();
                    });
        }
        return command;
    }

    /**
     * What is wrong with words and options.
     *
     * @param isReadable whether every option could be read; one that could not does not count as missing
     */
    List<String> problems(boolean hasMoreWords, boolean isReadable) {
        var form = form();
        if (form.isEmpty()) {
            String verbs = AdminForm.of(noun).stream().map(AdminForm::verb).collect(Collectors.joining(", "));
            problems.add(noun + ": needs one of " + verbs + hint());
            return problems;
        }
        check(form.get(), hasMoreWords);
        if (isReadable) {
            reportMissing(form.get());
        }
        return problems;
    }

    /** The command, if there is no problem. */
    Command.Administer command(Map<String, String> settings) {
        var form = form().orElseThrow();
        var options = new TreeMap<String, String>();
        form.options().forEach(name -> Optional.ofNullable(given.get(name))
                .ifPresent(option -> options.put(name, option.getValue())));
        URI url = given.containsKey(URL) ? given.get(URL).getValue() : AdminUrl.USUAL;
        return new Command.Administer(
                form, words.subList(form.verb().isEmpty() ? 0 : 1, words.size()), options, url, has(JSON), settings);
    }

    private Optional<AdminForm> form() {
        String verb = words.isEmpty() ? "" : words.get(0);
        return AdminForm.of(noun).stream()
                .filter(form -> form.verb().isEmpty() || form.verb().equals(verb))
                .findFirst();
    }

    private String hint() {
        var verbs = AdminForm.of(noun).stream().map(AdminForm::verb).toList();
        return words.isEmpty()
                ? ""
                : NameHint.nearest(words.get(0), verbs)
                        .map(near -> "; did you mean " + near + "?")
                        .orElse("");
    }

    private void check(AdminForm form, boolean hasMoreWords) {
        int expected = form.words().size() + (form.verb().isEmpty() ? 0 : 1);
        if (hasMoreWords || words.size() != expected || words.contains("")) {
            problems.add(form.name() + ": is written " + form.usage() + ", and then options");
        }
        given.keySet().stream()
                .filter(name -> !isOptionOf(form, name))
                .forEach(name -> problems.add("--" + name + ": has no meaning for the command " + form.name()));
        if (given.get(URL) != null && AdminUrl.isExposed(given.get(URL).getValue()) && !has(PLAIN_HTTP)) {
            problems.add("--url: anyone on the way could read the token without TLS; use https, or add --" + PLAIN_HTTP
                    + " where the network is trusted");
        }
    }

    private void reportMissing(AdminForm form) {
        form.required()
                .filter(name ->
                        !given.containsKey(name) || given.get(name).getValue().equals(""))
                .ifPresent(name -> problems.add(form.name() + ": needs --" + name + "=..."));
        if (form.needsAnOption() && form.options().stream().noneMatch(given::containsKey)) {
            problems.add(form.name() + ": needs at least one of "
                    + form.options().stream().map(name -> "--" + name).collect(Collectors.joining(", ")));
        }
    }

    private boolean isOptionOf(AdminForm form, String name) {
        return form.options().contains(name)
                || OF_ALL.contains(name)
                || form.noun().equals(AdminForm.IMPORT) && FILES.contains(name);
    }

    private boolean has(String flag) {
        return given.containsKey(flag);
    }

    private static <T> OptionSpec with(String name, Class<T> type, ValueSyntax.Parser<T> parser) {
        ITypeConverter<T> converter = text -> {
            try {
                return parser.parse(text.strip());
            } catch (InvalidValueException refused) {
                throw new TypeConversionException(refused.reason());
            }
        };
        return Grammar.option("--" + name).type(type).converters(converter).build();
    }

    private static String limit(String text) throws InvalidValueException {
        if (!LIMIT.matcher(text).matches()) {
            throw new InvalidValueException("must be a whole number from 1, or nothing to remove this limit");
        }
        return text;
    }

    private static String budgets(String text) throws InvalidValueException {
        if (!DefinitionOptions.split(text).stream()
                .allMatch(item -> BUDGET.matcher(item).matches())) {
            throw new InvalidValueException("must be AMOUNT/PERIOD, several of them separated by commas, or unlimited");
        }
        return text;
    }

    private static String numberAndHash(String text) throws InvalidValueException {
        if (!NUMBER_AND_HASH.matcher(text).matches()) {
            throw new InvalidValueException("must be NUMBER:HASH, as audit verify has printed it");
        }
        return text;
    }
}
