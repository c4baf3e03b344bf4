package dev.warder.cli;

import dev.warder.cli.Command.Administer;
import dev.warder.config.EndpointUrl;
import dev.warder.config.InvalidValueException;
import dev.warder.config.NameHint;
import dev.warder.config.Setting;
import dev.warder.upstream.Outbound;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import picocli.CommandLine.Model.CommandSpec;

/** The words and options of a command for administrators. */
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
    private static final Pattern PATH = Pattern.compile("([A-Za-z0-9/?:@!$&'()*+,;=._~-]|%[0-9A-Fa-f]{2})+");
    private static final Pattern NUMBER_AND_HASH = Pattern.compile("(0|[1-9][0-9]{0,17}):[0-9a-f]{64}");
    private static final Pattern VERSION = Pattern.compile("\\*|\"?[0-9]{1,18}\"?");

    private AdminOptions() {}

    /** @param words those after the noun */
    static Administer command(String noun, List<String> words, CommandLine line) {
        int verbs = verbs(noun).isEmpty() || words.isEmpty() ? 0 : 1;
        var options = new TreeMap<String, String>();
        line.value(HEAD, AdminOptions::numberAndHash).ifPresent(head -> options.put(HEAD, head));
        line.value(IF_MATCH, AdminOptions::etag).ifPresent(etag -> options.put(IF_MATCH, etag));
        return new Administer(
                noun,
                String.join("", words.subList(0, verbs)),
                words.subList(verbs, words.size()),
                options,
                line.value(URL, AdminOptions::address).orElse(USUAL),
                line.given().contains(JSON));
    }

    static CommandSpec addTo(CommandSpec command, String noun) {
        command.addOption(Grammar.option(URL).build())
                .addOption(Grammar.flag("", "--" + PLAIN_HTTP).build());
        switch (noun) {
            case Administer.ADMIN -> command.addOption(Grammar.option(IF_MATCH).build());
            case Administer.AUDIT -> command.addOption(Grammar.option(HEAD).build());
            default -> {}
        }
        return noun.equals(Administer.ADMIN)
                ? command
                : command.addOption(Grammar.flag("", "--" + JSON).build());
    }

    static List<String> problems(Administer command, boolean hasMoreWords, Set<String> given) {
        var verbs = verbs(command.noun());
        if (!verbs.isEmpty() && !verbs.contains(command.verb())) {
            return List.of(command.noun() + ": needs one of " + String.join(", ", verbs)
                    + NameHint.didYouMean(command.verb(), verbs).orElse(""));
        }
        var problems = new ArrayList<String>();
        var words = command.words();
        boolean isRequest = command.noun().equals(Administer.ADMIN);
        boolean hasBody = command.verb().startsWith("P");
        boolean isComplete = isRequest ? words.size() == 1 || hasBody && words.size() == 2 : words.isEmpty();
        if (hasMoreWords || !isComplete || words.contains("")) {
            problems.add(command.name() + ": is written " + command.name()
                    + (isRequest ? hasBody ? " PATH [FILE]" : " PATH" : "") + ", and then options");
        } else if (isRequest && !PATH.matcher(words.get(0)).matches()) {
            problems.add(command.name() + ": PATH has letters, digits and /?:@!$&'()*+,;=._~- only; write another"
                    + " character as %XX, each byte of its UTF-8");
        }
        given.stream()
                .filter(name -> !OF_ALL.contains(name)
                        && !OF_ONE.getOrDefault(command.name(), List.of()).contains(name))
                .forEach(name -> problems.add("--" + name + ": has no meaning for the command " + command.name()));
        // It leaves this machine without TLS.
        if (command.url().getScheme().equalsIgnoreCase("http")
                && !EndpointUrl.isLoopback(command.url().getHost())
                && !given.contains(PLAIN_HTTP)) {
            problems.add("--url: anyone on the way could read the token without TLS; use https, or add --" + PLAIN_HTTP
                    + " where the network is trusted");
        }
        return problems;
    }

    private static List<String> verbs(String noun) {
        return VERBS.getOrDefault(noun, List.of());
    }

    private static URI address(String text) throws InvalidValueException {
        String address = text.replaceFirst("/+$", "");
        try {
            if (ADDRESS.matcher(address).matches() && new URI(address).getHost() != null) {
                return new URI(address);
            }
        } catch (URISyntaxException malformed) {
            // As one that does not match.
        }
        throw new InvalidValueException(
                "must be the address of a gateway with its context path, such as https://gateway.example.com or"
                        + " http://127.0.0.1:8080/warder");
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
