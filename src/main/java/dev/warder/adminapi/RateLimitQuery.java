package dev.warder.adminapi;

import dev.warder.config.InvalidValueException;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/**
 * The parameters of {@code GET /v1/organizations/rate_limits} and {@code …/workspaces/{id}/rate_limits} (Java SDK 3.10.0,
 * {@code organization.ratelimits.RateLimitListParams} and {@code organization.workspaces.ratelimits.RateLimitListParams}).
 * Immutable.
 *
 * @param type only groups of this type; empty for all
 * @param model only groups that this model is in; empty for all
 * @param inherited whether the limits of the organization are listed for a team that has none of its own
 * @param limit the most entries of a page; empty for all
 * @param after the position of the last entry of the page before; empty for the first page
 */
record RateLimitQuery(
        Optional<String> type, Optional<String> model, boolean inherited, OptionalInt limit, Optional<String> after) {
    private static final int MOST = 1000;

    private static final Set<String> TYPES =
            Set.of("batch", "files", RateLimitGroup.MODELS, "skills", RateLimitGroup.TOKEN_COUNT, "web_search");

    /** Reads parameters. One thread at a time. */
    private static final class Reader {
        private final boolean ofTeam;
        private Optional<String> type = Optional.empty();
        private Optional<String> model = Optional.empty();
        private boolean inherited;
        private OptionalInt limit = OptionalInt.empty();
        private String page = "";

        Reader(boolean ofTeam) {
            this.ofTeam = ofTeam;
        }

        void read(String name, String value) throws InvalidValueException {
            switch (name) {
                case "group_type" -> type = Optional.of(type(value));
                case "limit" -> limit = OptionalInt.of(QueryPairs.number(name, value, MOST));
                case "page" -> page = value;
                case "beta" -> {
                    // The SDKs' beta form of this request: it has the same shape.
                }
                default -> {
                    if (name.equals("model") && !ofTeam && !value.isEmpty()) {
                        model = Optional.of(value);
                    } else if (name.equals("include_inherited") && ofTeam) {
                        inherited = inherited(value);
                    } else {
                        throw new InvalidValueException("The parameters are group_type, limit, page and "
                                + (ofTeam ? "include_inherited" : "model")
                                + "; the query has another one, or one without a value.");
                    }
                }
            }
        }

        private static String type(String value) throws InvalidValueException {
            if (!TYPES.contains(value)) {
                throw new InvalidValueException("group_type: must be one of "
                        + String.join(", ", TYPES.stream().sorted().toList()));
            }
            return value;
        }

        private static boolean inherited(String value) throws InvalidValueException {
            return switch (value) {
                case "true" -> true;
                case "false" -> false;
                default -> throw new InvalidValueException("include_inherited: must be true or false");
            };
        }
    }

    static RateLimitQuery ofOrganization(String text) throws InvalidValueException {
        return parse(text, new Reader(false));
    }

    static RateLimitQuery ofTeam(String text) throws InvalidValueException {
        return parse(text, new Reader(true));
    }

    String pageAfter(String position) {
        return PageToken.of(identity(), List.of(position));
    }

    private String identity() {
        return "rate limits " + type + " " + model + " " + inherited;
    }

    private static RateLimitQuery parse(String text, Reader reader) throws InvalidValueException {
        QueryPairs.read(text, reader::read);
        var first = new RateLimitQuery(reader.type, reader.model, reader.inherited, reader.limit, Optional.empty());
        return reader.page.isEmpty()
                ? first
                : first.after(PageToken.position(first.identity(), reader.page).get(0));
    }

    private RateLimitQuery after(String position) {
        return new RateLimitQuery(type, model, inherited, limit, Optional.of(position));
    }
}
