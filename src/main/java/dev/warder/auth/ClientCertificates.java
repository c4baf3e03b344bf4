package dev.warder.auth;

import dev.warder.config.InvalidValueException;
import dev.warder.config.ModelPattern;
import dev.warder.config.Network;
import dev.warder.config.Setting;
import dev.warder.config.SettingReader;
import dev.warder.config.TextFile;
import dev.warder.config.ValueSyntax;
import dev.warder.http.Fields;
import dev.warder.json.ObjectReader;
import dev.warder.json.Problems;
import jakarta.servlet.http.HttpServletRequest;
import java.io.ByteArrayInputStream;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collection;
import java.util.Date;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The clients that TLS client certificates stand for, settings {@code auth.certificate}, {@code clients.certificates} and {@code
 * http.trustedProxies}. The container has verified the certificate, or the front end that sends it on. Thread-safe.
 */
public final class ClientCertificates {
    /** The settings' default: certificates are not looked at. */
    public static final ClientCertificates OFF =
            new ClientCertificates(Mode.OFF, List::of, List.of(), InstantSource.system());

    /** Jakarta Servlet 6.0, section 3.10. */
    private static final String ATTRIBUTE = "jakarta.servlet.request.X509Certificate";

    private static final String FIELD = "client-cert";

    private static final String SUBJECT = "subject";
    private static final String ISSUER = "issuer";
    private static final String SAN = "san";
    private static final List<String> MEMBERS = List.of("name", SUBJECT, ISSUER, SAN, "rights", "models");
    private static final int MOST_RULES = 10_000;
    private static final int MOST_LOGGED = 300;

    private final Mode mode;
    private final Supplier<List<Rule>> rules;
    private final List<Network> proxies;
    private final InstantSource clock;

    /**
     * @param rules gives the same object until the file has changed, and never waits
     * @param proxies the front ends whose {@code Client-Cert} (RFC 9440) counts, in place of a certificate of the connection
     */
    ClientCertificates(Mode mode, Supplier<List<Rule>> rules, List<Network> proxies, InstantSource clock) {
        this.mode = mode;
        this.rules = rules;
        this.proxies = List.copyOf(proxies);
        this.clock = clock;
    }

    /** A gateway looks at no certificate, takes one for an identity, or serves nobody without one. */
    enum Mode {
        OFF,
        ALLOW,
        REQUIRE
    }

    /**
     * A caller's certificate.
     *
     * @param client its client; empty without a certificate that may be used
     * @param problem why it may not be used, as a sentence without its full stop; empty if it may, and where none is needed
     * @param detail its subject, or where it came from, for the log
     */
    record Presented(Optional<Client> client, String problem, Supplier<String> detail) {
        static final Presented NONE = new Presented(Optional.empty(), "", () -> "");
        static final Presented MISSING =
                new Presented(Optional.empty(), "This gateway requires a client certificate", () -> "none that counts");
    }

    static ClientCertificates read(SettingReader settings) {
        var mode = settings.read(Setting.AUTH_CERTIFICATE, Mode.OFF, ValueSyntax.oneOf(List.of(Mode.values())));
        var rules = settings.find(Setting.CLIENTS_CERTIFICATES, text -> watched(text, settings));
        if (mode != Mode.OFF && !settings.isSet(Setting.CLIENTS_CERTIFICATES)) {
            settings.problem(Setting.AUTH_CERTIFICATE, "needs clients.certificates");
        } else if (mode == Mode.OFF && rules.isPresent()) {
            settings.warning(Setting.CLIENTS_CERTIFICATES, "has no effect while auth.certificate is off");
        }
        var proxies = settings.read(
                Setting.HTTP_TRUSTED_PROXIES,
                List.<Network>of(),
                text -> ValueSyntax.all("entry", text.split(","), each -> Network.parse(each.strip())));
        return new ClientCertificates(mode, rules.orElse(List::of), proxies, InstantSource.system());
    }

    private static Supplier<List<Rule>> watched(String text, SettingReader settings) throws InvalidValueException {
        var path = ValueSyntax.filePath(text).orElseThrow(() -> new InvalidValueException("must be file:PATH"));
        return settings.watch(Setting.CLIENTS_CERTIFICATES, path, content -> parse(TextFile.decodeText(content)))
                ::current;
    }

    /** True if front ends send certificates, whose addresses an application server replaces by those of callers. */
    public boolean areOfFrontEnds() {
        return on() && !proxies.isEmpty();
    }

    boolean required() {
        return mode == Mode.REQUIRE;
    }

    boolean on() {
        return mode != Mode.OFF;
    }

    List<String> clientNames() {
        return on() ? rules.get().stream().map(rule -> rule.client().name()).toList() : List.of();
    }

    Presented of(HttpServletRequest request) {
        if (!on()) {
            return Presented.NONE;
        }
        try {
            return certificate(request)
                    .map(this::presented)
                    .orElse(mode == Mode.REQUIRE ? Presented.MISSING : Presented.NONE);
        } catch (CertificateException | IllegalArgumentException malformed) {
            return unusable("The field Client-Cert holds no certificate", () -> "from " + request.getRemoteAddr());
        }
    }

    /**
     * The certificate by which an admitted caller is refused, with the problem; empty if there is none.
     *
     * @param certified the client of the certificate in the policy; empty without a certificate that may be used
     */
    Optional<Presented> refused(Presented presented, Optional<Client> certified, Client client) {
        boolean another =
                presented.client().isPresent() && !certified.map(Client::name).equals(Optional.of(client.name()));
        if (another) {
            return Optional.of(unusable(
                    "The client certificate belongs to another client than the access token",
                    () -> presented.detail().get() + ", " + client.proof()));
        }
        boolean missing = mode == Mode.REQUIRE && presented.client().isEmpty();
        return missing ? Optional.of(presented) : Optional.empty();
    }

    private Presented presented(X509Certificate certificate) {
        try {
            certificate.checkValidity(Date.from(clock.instant()));
        } catch (CertificateException outOfTime) {
            return unusable("The client certificate has expired, or is not valid yet", () -> subject(certificate));
        }
        var names = Names.of(certificate);
        for (var rule : rules.get()) {
            if (rule.matches(names)) {
                return new Presented(Optional.of(rule.client()), "", () -> subject(certificate));
            }
        }
        return unusable("The client certificate belongs to no client of this gateway", () -> subject(certificate));
    }

    private static Presented unusable(String problem, Supplier<String> detail) {
        return new Presented(Optional.empty(), problem, detail);
    }

    private static String subject(X509Certificate certificate) {
        String name = certificate.getSubjectX500Principal().toString().replaceAll("[^ -~]", "?");
        return "subject " + name.substring(0, Math.min(name.length(), MOST_LOGGED));
    }

    private Optional<X509Certificate> certificate(HttpServletRequest request) throws CertificateException {
        if (!proxies.isEmpty()) {
            return ofFrontEnd(request);
        }
        return request.getAttribute(ATTRIBUTE) instanceof X509Certificate[] chain && chain.length > 0
                ? Optional.of(chain[0])
                : Optional.empty();
    }

    private Optional<X509Certificate> ofFrontEnd(HttpServletRequest request) throws CertificateException {
        String from = String.valueOf(request.getRemoteAddr());
        boolean trusted = proxies.stream().anyMatch(proxy -> proxy.contains(from));
        var values = trusted ? Fields.values(request, FIELD) : List.<String>of();
        if (values.size() > 1) {
            throw new CertificateException("more than one field");
        }
        return values.isEmpty()
                ? Optional.empty()
                : Optional.of(decode(values.get(0).strip()));
    }

    /** A byte sequence (RFC 9440, section 2.2), or the PEM text that nginx has as {@code $ssl_client_escaped_cert}. */
    private static X509Certificate decode(String value) throws CertificateException {
        boolean sequence = value.length() > 1 && value.startsWith(":") && value.endsWith(":");
        byte[] content = sequence
                ? Base64.getDecoder().decode(value.substring(1, value.length() - 1))
                : URLDecoder.decode(value.replace("+", "%2B"), StandardCharsets.US_ASCII)
                        .getBytes(StandardCharsets.US_ASCII);
        return (X509Certificate)
                CertificateFactory.getInstance("X.509").generateCertificate(new ByteArrayInputStream(content));
    }

    static List<Rule> parse(String content) throws InvalidValueException {
        var problems = new Problems();
        var rules = new ArrayList<Rule>();
        for (var entry : ObjectReader.ofArray(content, problems, MEMBERS)) {
            Rule.read(entry).ifPresent(rules::add);
        }
        if (rules.size() > MOST_RULES) {
            problems.add("file", "must have at most " + MOST_RULES + " entries");
        }
        problems.throwIfAny();
        return List.copyOf(rules);
    }

    /**
     * One entry of the file: a client, and what all its certificates have. The first entry counts.
     *
     * @param san one of the alternative names: {@code dns:} in lower case, {@code email:} or {@code uri:}
     */
    record Rule(
            Client client,
            Optional<DistinguishedName> subject,
            Optional<DistinguishedName> issuer,
            Optional<String> san) {
        private static final Set<Right> NOT_BY_CERTIFICATE = EnumSet.of(Right.ADMIN_READ, Right.ADMIN_WRITE);
        private static final Pattern VISIBLE_ASCII = Pattern.compile("[!-~]+");

        static Optional<Rule> read(ObjectReader entry) {
            var name = entry.require("name", Rule::name);
            var subject = entry.find(SUBJECT, DistinguishedName::parse);
            var issuer = entry.find(ISSUER, DistinguishedName::parse);
            var san = entry.find(SAN, Rule::alternativeName);
            if (subject.isEmpty() && issuer.isEmpty() && san.isEmpty()) {
                entry.problem(SUBJECT, "or issuer or san is needed");
            }
            var rights = entry.value("rights").isEmpty()
                    ? ClientLine.DEFAULT_RIGHTS
                    : Set.copyOf(entry.list("rights", Rule::right));
            var models = entry.restrictions("models", text -> ModelPattern.nameOrPrefix(text)
                    .orElseThrow(() -> new InvalidValueException("must be a name, or begin one and end in *")));
            return name.map(each -> new Client(each, rights, models, Optional.empty(), Optional.empty(), true))
                    .map(client -> new Rule(client, subject, issuer, san));
        }

        private static String name(String text) throws InvalidValueException {
            if (!Client.mayBeNamed(text)) {
                throw new InvalidValueException("must have 1 to 64 letters, digits and . _ @ -, and not be 'shared',"
                        + " 'open' or 'admin.token'");
            }
            return text;
        }

        private static Right right(String word) throws InvalidValueException {
            var right = Right.parse(word);
            if (NOT_BY_CERTIFICATE.contains(right)) {
                throw new InvalidValueException("is for access tokens only");
            }
            return right;
        }

        private static String alternativeName(String text) throws InvalidValueException {
            if (Names.KINDS.values().stream()
                    .noneMatch(kind -> text.startsWith(kind) && text.length() > kind.length())) {
                throw new InvalidValueException("must begin with dns:, email: or uri:");
            }
            if (!VISIBLE_ASCII.matcher(text).matches()) {
                throw new InvalidValueException(
                        "must be visible ASCII, as certificates have it: xn-- for other letters");
            }
            return text.startsWith(Names.DNS) ? text.toLowerCase(Locale.ROOT) : text;
        }

        boolean matches(Names names) {
            return subject.map(names.subject::equals).orElse(true)
                    && issuer.map(names.issuer::equals).orElse(true)
                    && san.map(names.alternative::contains).orElse(true);
        }
    }

    /**
     * The names in a certificate.
     *
     * @param alternative as a rule has them
     */
    record Names(DistinguishedName subject, DistinguishedName issuer, Set<String> alternative) {
        private static final String DNS = "dns:";

        /** By the kinds of {@link X509Certificate#getSubjectAlternativeNames}. */
        private static final Map<Integer, String> KINDS = Map.of(1, "email:", 2, DNS, 6, "uri:");

        static Names of(X509Certificate certificate) {
            return new Names(
                    DistinguishedName.of(certificate.getSubjectX500Principal()),
                    DistinguishedName.of(certificate.getIssuerX500Principal()),
                    alternative(certificate));
        }

        private static Set<String> alternative(X509Certificate certificate) {
            var found = new HashSet<String>();
            try {
                @Nullable Collection<List<?>> names = certificate.getSubjectAlternativeNames();
                for (var each : names == null ? List.<List<?>>of() : names) {
                    var kind = KINDS.get(each.get(0));
                    if (kind != null) {
                        String name = kind + each.get(1);
                        found.add(kind.equals(DNS) ? name.toLowerCase(Locale.ROOT) : name);
                    }
                }
            } catch (CertificateParsingException malformed) {
                found.clear();
            }
            return found;
        }
    }
}
