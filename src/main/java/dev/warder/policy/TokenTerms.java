package dev.warder.policy;

import dev.warder.config.InvalidValueException;
import dev.warder.config.Network;
import dev.warder.config.ValueSyntax;
import dev.warder.json.ObjectReader;
import dev.warder.json.Problems;
import jakarta.json.JsonObject;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The permitted use of an access token of the database. Immutable.
 *
 * @param expires the first instant at which it is not accepted any more; empty if it does not expire
 * @param rights empty for the usual ones
 * @param access the models and paths for which it may be used, in addition to the limits of its client
 * @param networks from where it may be used; empty for anywhere
 * @param tags the tags of its requests, in addition to those of its client
 * @param <R> a right
 */
public record TokenTerms<R>(
        Optional<Instant> expires, Optional<List<R>> rights, Access access, List<Network> networks, List<String> tags) {
    private static final String EXPIRES = "expires";
    private static final String RIGHTS = "rights";
    private static final String MODELS = "models";
    private static final String PATHS = "paths";
    private static final String NETWORKS = "networks";
    private static final String TAGS = "tags";

    public static final List<String> MEMBERS = List.of(EXPIRES, RIGHTS, MODELS, PATHS, NETWORKS, TAGS);

    private static final Pattern TIME =
            Pattern.compile("\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d(\\.\\d{1,9})?(Z|[+-]\\d\\d:\\d\\d)");

    public TokenTerms {
        rights = rights.map(List::copyOf);
        networks = List.copyOf(networks);
        tags = List.copyOf(tags);
    }

    /**
     * Reads the terms of a token.
     *
     * @param right reads one right
     * @throws InvalidValueException with all problems; each names its member
     */
    public static <R> TokenTerms<R> read(JsonObject document, ValueSyntax.Parser<R> right)
            throws InvalidValueException {
        var problems = new Problems();
        var reader = ObjectReader.ofDocument(document, problems, MEMBERS);
        var terms = new TokenTerms<>(
                reader.find(EXPIRES, TokenTerms::time),
                reader.value(RIGHTS).isPresent() ? Optional.of(reader.list(RIGHTS, right)) : Optional.empty(),
                new Access(
                        reader.restrictions(MODELS, PolicySyntax::models),
                        reader.restrictions(PATHS, Access.PathPattern::parse)),
                reader.restrictions(NETWORKS, Network::parse),
                reader.list(TAGS, PolicySyntax::tag));
        problems.throwIfAny();
        return terms;
    }

    public static String name(String text) throws InvalidValueException {
        return PolicySyntax.principalName(text);
    }

    /** Reads an RFC 3339 time with an offset. */
    public static Instant time(String text) throws InvalidValueException {
        try {
            if (TIME.matcher(text).matches()) {
                return OffsetDateTime.parse(text).toInstant();
            }
        } catch (DateTimeException noSuchDay) {
            // Refused below, like any other text that is not a time.
        }
        throw new InvalidValueException("must be a time such as 2027-01-31T00:00:00Z");
    }
}
