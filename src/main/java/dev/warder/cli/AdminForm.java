package dev.warder.cli;

import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * How a command for administrators of a running gateway is written. Immutable. The constants are nouns and verbs.
 *
 * @param noun what it is about
 * @param verb what it does; empty for a noun that is a whole command
 * @param words the words after the verb, as the help shows them
 * @param options the names of its own options, without the dashes
 * @param required the one of them that must be given
 */
public record AdminForm(String noun, String verb, List<String> words, List<String> options, Optional<String> required) {
    public static final String CLIENT = "client";
    static final String TEAM = "team";
    public static final String TOKEN = Grammar.TOKEN;
    public static final String BUDGET = "budget";
    public static final String LIMIT = "limit";
    public static final String IMPORT = "import";
    public static final String AUDIT = "audit";

    public static final String LIST = "list";
    public static final String SHOW = "show";
    public static final String CREATE = "create";
    public static final String SET = "set";
    public static final String REVOKE = "revoke";
    public static final String VERIFY = "verify";
    public static final String EXPORT = "export";

    /** The nouns, in the order of the help. */
    static final List<String> NOUNS = List.of(CLIENT, TEAM, TOKEN, BUDGET, LIMIT, IMPORT, AUDIT);

    private static final String NAME = "NAME";
    private static final String OWNER = "OWNER";
    private static final String TERMS = "AMOUNT/PERIOD|unlimited";
    private static final String SEARCH = "search";

    private static final List<AdminForm> ALL = Stream.of(
                    objects(CLIENT, DefinitionOptions.CLIENT, Optional.of("kind")),
                    objects(TEAM, DefinitionOptions.TEAM, Optional.empty()),
                    tokens(),
                    budgets(),
                    limits(),
                    Stream.of(form(IMPORT, "", List.of(), List.of())),
                    audit())
            .flatMap(forms -> forms)
            .toList();

    /** Copies the lists. */
    public AdminForm {
        words = List.copyOf(words);
        options = List.copyOf(options);
    }

    /** The forms of a noun. */
    static List<AdminForm> of(String noun) {
        return ALL.stream().filter(form -> form.noun().equals(noun)).toList();
    }

    /** The names of all options of a noun. */
    static List<String> optionsOf(String noun) {
        return of(noun).stream()
                .flatMap(form -> form.options().stream())
                .distinct()
                .toList();
    }

    /** The name of the command. */
    public String name() {
        return verb.isEmpty() ? noun : noun + " " + verb;
    }

    /** The name with the words that it needs. */
    String usage() {
        return Stream.concat(Stream.of(name()), words.stream()).collect(Collectors.joining(" "));
    }

    /** Whether it would change nothing without an option. */
    boolean needsAnOption() {
        return verb.equals(SET) && !noun.equals(BUDGET) || noun.equals(LIMIT) && verb.equals(CREATE);
    }

    private static AdminForm form(String noun, String verb, List<String> words, List<String> options) {
        return new AdminForm(noun, verb, words, options, Optional.empty());
    }

    private static Stream<AdminForm> objects(String noun, List<String> options, Optional<String> required) {
        var ofCreate = Stream.concat(options.stream(), Stream.of(DefinitionOptions.BUDGETS))
                .toList();
        return Stream.of(
                form(noun, LIST, List.of(), List.of(SEARCH)),
                form(noun, SHOW, List.of(NAME), List.of()),
                new AdminForm(noun, CREATE, List.of(NAME), ofCreate, required),
                form(noun, SET, List.of(NAME), options),
                form(noun, REVOKE, List.of(NAME), List.of()));
    }

    private static Stream<AdminForm> tokens() {
        var options = Stream.concat(Stream.of(CLIENT), DefinitionOptions.TOKEN.stream())
                .toList();
        return Stream.of(
                form(TOKEN, LIST, List.of(), List.of(CLIENT, SEARCH)),
                form(TOKEN, SHOW, List.of("ID|NAME"), List.of()),
                new AdminForm(TOKEN, CREATE, List.of(NAME), options, Optional.of(CLIENT)),
                form(TOKEN, SET, List.of("ID|NAME"), DefinitionOptions.TOKEN),
                form(TOKEN, REVOKE, List.of("ID|NAME"), List.of()));
    }

    private static Stream<AdminForm> budgets() {
        return Stream.of(
                form(BUDGET, LIST, List.of(), List.of(SEARCH)),
                form(BUDGET, SHOW, List.of(OWNER), List.of()),
                form(BUDGET, CREATE, List.of(OWNER, TERMS), DefinitionOptions.BUDGET),
                form(BUDGET, SET, List.of(OWNER, TERMS), DefinitionOptions.BUDGET),
                form(BUDGET, REVOKE, List.of("OWNER/PERIOD"), List.of()));
    }

    private static Stream<AdminForm> limits() {
        return Stream.of(
                form(LIMIT, LIST, List.of(), List.of(SEARCH)),
                form(LIMIT, SHOW, List.of(OWNER), List.of()),
                form(LIMIT, CREATE, List.of(OWNER), DefinitionOptions.LIMIT),
                form(LIMIT, SET, List.of(OWNER), DefinitionOptions.LIMIT),
                form(LIMIT, REVOKE, List.of(OWNER), List.of()));
    }

    private static Stream<AdminForm> audit() {
        return Stream.of(
                form(AUDIT, LIST, List.of(), List.of()),
                form(AUDIT, VERIFY, List.of(), List.of("head")),
                form(AUDIT, EXPORT, List.of(), List.of()));
    }
}
