package dev.warder.cli;

import dev.warder.cli.Command.Administer;
import dev.warder.config.InvalidValueException;
import dev.warder.config.NameHint;
import dev.warder.config.Setting;
import dev.warder.upstream.Outbound;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/** The words and options of a command for administrators. One thread at a time. */
final class AdminOptions {
    static final List<String> NOUNS = List.of(Administer.ADMIN, Administer.IMPORT, Administer.AUDIT);

    private static final Map<String, List<String>> VERBS = Map.of(
            Administer.ADMIN, List.of("GET", "POST", "PUT", "PATCH", "DELETE"),
            Administer.IMPORT, List.of(),
            Administer.AUDIT, List.of("list", "verify", "export"));
    private static final String URL = "url";
    private static final String JSON = "json";
    private static final String PLAIN_HTTP = "plain-http";
    private static final String HEAD = "head";
    private static final String IF_MATCH = "if-match";
    private static final List<String> OF_ALL = Stream.concat(
                    Stream.of(URL, JSON, PLAIN_HTTP, "config", Setting.ADMIN_TOKEN.publicName()),
                    Outbound.SETTINGS.stream().map(Setting::publicName))
            .toList();

    /** The options of one command, by its name; a command that is not here has none. */
    private static final Map<String, List<String>> OF_ONE = Map.of(
            "admin PUT", List.of(IF_MATCH),
            "admin PATCH", List.of(IF_MATCH),
            "admin DELETE", List.of(IF_MATCH),
            "import", List.of(Setting.POLICY_FILE.publicName(), Setting.CLIENTS_FILE.publicName()),
            "audit verify", List.of(HEAD));

    private static final URI USUAL = URI.create("http://127.0.0.1:8080");

    private static final Pattern ADDRESS = Pattern.compile("(?i)https?://[^/?#@\\s]+(/[A-Za-z0-9._~/-]*)?");
    private static final Pattern LOOPBACK = Pattern.compile("(?i)localhost|127(\\.[0-9]{1,3}){3}|\\[::1]");
    private static final Pattern PATH = Pattern.compile("([A-Za-z0-9/?:@!$&'()*+,;=._~-]|%[0-9A-Fa-f]{2})+");
    private static final Pattern NUMBER_AND_HASH = Pattern.compile("(0|[1-9][0-9]{0,17}):[0-9a-f]{64}");
    private static final Pattern VERSION = Pattern.compile("\\*|\"?[0-9]{1,18}\"?");

    private final String noun;
    private final String verb;
    private final List<String> words;
    private final Map<String, OptionSpec> given;

    /**
     * Creates it.
     *
     * @param all the words after the noun
     * @param given the options of the command line, by name without the dashes
     */
    AdminOptions(String noun, List<String> all, Map<String, OptionSpec> given) {
        boolean hasVerb = !verbs(noun).isEmpty() && !all.isEmpty();
        this.noun = noun;
        this.verb = hasVerb ? all.get(0) : "";
        this.words = all.subList(hasVerb ? 1 : 0, all.size());
        this.given = given;
    }

    static CommandSpec addTo(CommandSpec command, String noun) {
        command.addOption(Grammar.option(URL, URI.class, AdminOptions::address))
                .addOption(Grammar.flag("", "--" + PLAIN_HTTP).build());
        switch (noun) {
            case Administer.ADMIN -> command.addOption(Grammar.option(IF_MATCH, String.class, AdminOptions::etag));
            case Administer.AUDIT -> command.addOption(Grammar.option(HEAD, String.class, AdminOptions::numberAndHash));
            default -> {}
        }
        return noun.equals(Administer.ADMIN)
                ? command
                : command.addOption(Grammar.flag("", "--" + JSON).build());
    }

    List<String> problems(boolean hasMoreWords) {
        var verbs = verbs(noun);
        if (!verbs.isEmpty() && !verbs.contains(verb)) {
            return List.of(noun + ": needs one of " + String.join(", ", verbs)
                    + NameHint.didYouMean(verb, verbs).orElse(""));
        }
        var problems = new ArrayList<String>();
        var command = command(Map.of());
        boolean isRequest = noun.equals(Administer.ADMIN);
        boolean hasBody = verb.startsWith("P");
        boolean isComplete = isRequest ? words.size() == 1 || hasBody && words.size() == 2 : words.isEmpty();
        if (hasMoreWords || !isComplete || words.contains("")) {
            problems.add(command.name() + ": is written " + command.name()
                    + (isRequest ? hasBody ? " PATH [FILE]" : " PATH" : "") + ", and then options");
        } else if (isRequest && !PATH.matcher(words.get(0)).matches()) {
            problems.add(command.name() + ": PATH has letters, digits and /?:@!$&'()*+,;=._~- only; write another"
                    + " character as %XX, each byte of its UTF-8");
        }
        given.keySet().stream()
                .filter(name -> !OF_ALL.contains(name)
                        && !OF_ONE.getOrDefault(command.name(), List.of()).contains(name))
                .forEach(name -> problems.add("--" + name + ": has no meaning for the command " + command.name()));
        if (isExposed(command.url()) && !given.containsKey(PLAIN_HTTP)) {
            problems.add("--url: anyone on the way could read the token without TLS; use https, or add --" + PLAIN_HTTP
                    + " where the network is trusted");
        }
        return problems;
    }

    Administer command(Map<String, String> settings) {
        var options = new TreeMap<String, String>();
        for (var name : List.of(HEAD, IF_MATCH)) {
            Optional.ofNullable(given.get(name)).ifPresent(option -> options.put(name, option.getValue()));
        }
        URI url = Optional.ofNullable(given.get(URL))
                .map(OptionSpec::<URI>getValue)
                .orElse(USUAL);
        return new Administer(noun, verb, words, options, url, given.containsKey(JSON), settings);
    }

    private static List<String> verbs(String noun) {
        return VERBS.getOrDefault(noun, List.of());
    }

    private static URI address(String text) throws InvalidValueException {
        String address = text.replaceFirst("/+$", "");
        try {
            if (ADDRESS.matcher(address).matches() && URI.create(address).getHost() != null) {
                return URI.create(address);
            }
        } catch (IllegalArgumentException malformed) {
            throw noAddress();
        }
        throw noAddress();
    }

    private static InvalidValueException noAddress() {
        return new InvalidValueException(
                "must be the address of a gateway with its context path, such as https://gateway.example.com or"
                        + " http://127.0.0.1:8080/warder");
    }

    /** Whether what is sent there could be read on the way: it leaves this machine without TLS. */
    private static boolean isExposed(URI url) {
        return url.getScheme().equalsIgnoreCase("http")
                && !LOOPBACK.matcher(url.getHost()).matches();
    }

    private static String etag(String text) throws InvalidValueException {
        if (!VERSION.matcher(text).matches()) {
            throw new InvalidValueException("must be the revision of the object, such as 17, or * for any");
        }
        return text.equals("*") ? text : "\"" + text.replace("\"", "") + "\"";
    }

    private static String numberAndHash(String text) throws InvalidValueException {
        if (!NUMBER_AND_HASH.matcher(text).matches()) {
            throw new InvalidValueException("must be NUMBER:HASH, as audit verify has printed it");
        }
        return text;
    }
}
