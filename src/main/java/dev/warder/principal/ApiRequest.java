package dev.warder.principal;

import dev.warder.auth.Client;
import dev.warder.config.InvalidValueException;
import dev.warder.http.Form;
import dev.warder.http.PageDocument;
import dev.warder.json.JsonTree;
import dev.warder.json.ValueCount;
import dev.warder.policy.Actor;
import dev.warder.principal.RefusedChangeException.Cause;
import jakarta.json.JsonObject;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.regex.Pattern;

/**
 * A request to a resource, whose caller was admitted. Immutable.
 *
 * @param query the parameters of the path
 * @param body the text of the body; empty text without a body
 * @param token the caller with an access token; empty for {@code admin.token}
 */
public record ApiRequest(
        String method,
        ApiTarget target,
        Form query,
        String body,
        Conditions conditions,
        Optional<Client> token,
        Actor actor) {
    static final String LIMIT = "limit";
    static final String PAGE = "page";

    private static final int USUAL_LIMIT = 100;
    private static final int MOST_LIMIT = 1000;
    private static final int LONGEST_SEARCH = 64;
    private static final Pattern NUMBER = Pattern.compile("0|[1-9][0-9]{0,17}");
    private static final Pattern ETAG = Pattern.compile("\"(0|[1-9][0-9]{0,17})\"");
    /** Their tree is charged to no memory: a fourth of the heap at most. */
    private static final int MOST_VALUES = ValueCount.MOST / 4;

    /**
     * Header fields on which it depends whether a change is made.
     *
     * @param ifMatch the field {@code If-Match}
     * @param idempotencyKey the field {@code Idempotency-Key}
     */
    public record Conditions(Optional<String> ifMatch, Optional<String> idempotencyKey) {}

    boolean isGet() {
        return method.equals("GET");
    }

    JsonObject object() throws InvalidValueException, RefusedChangeException {
        if (body.length() > MOST_VALUES && !ValueCount.fits(body, MOST_VALUES)) {
            throw new RefusedChangeException(
                    Cause.TOO_LARGE, "The body has more than " + MOST_VALUES + " names and values, or is not JSON.");
        }
        return JsonTree.parseWholeDistinctObject(body)
                .orElseThrow(() -> new InvalidValueException(
                        "The body must be one JSON object, without two members of one name."));
    }

    Condition condition() throws InvalidValueException {
        if (conditions.ifMatch().isEmpty()) {
            return Condition.NONE;
        }
        String field = conditions.ifMatch().get().strip();
        if (field.equals("*")) {
            return new Condition(true, OptionalLong.empty());
        }
        var tag = ETAG.matcher(field);
        if (!tag.matches()) {
            throw new InvalidValueException("If-Match: must be one ETag, such as \"17\", or *.");
        }
        return new Condition(false, OptionalLong.of(Long.parseLong(tag.group(1))));
    }

    Administration.Request change() throws InvalidValueException {
        String asked = method + " " + target + " " + conditions.ifMatch().orElse("") + "\n" + body;
        return new Administration.Request(
                actor, token, IdempotencyKey.read(actor.name(), conditions.idempotencyKey(), asked));
    }

    int limit() throws InvalidValueException {
        String text = query.value(LIMIT);
        long limit = text.isEmpty() ? USUAL_LIMIT : number(text, LIMIT);
        if (limit < 1 || limit > MOST_LIMIT) {
            throw new InvalidValueException("limit: must be from 1 to " + MOST_LIMIT + ".");
        }
        return (int) limit;
    }

    /** The name after which a page begins; empty text for the first page. */
    String after() throws InvalidValueException {
        String page = query.value(PAGE);
        return page.isEmpty()
                ? ""
                : PageDocument.name(page)
                        .orElseThrow(
                                () -> new InvalidValueException("page: must be next_page of an earlier response."));
    }

    String search() throws InvalidValueException {
        String text = query.value("search").strip();
        if (text.length() > LONGEST_SEARCH) {
            throw new InvalidValueException("search: must have at most " + LONGEST_SEARCH + " characters.");
        }
        return text;
    }

    void checkParameters(String... names) throws InvalidValueException {
        if (!List.of(names).containsAll(query.values().keySet())) {
            throw new InvalidValueException(
                    names.length == 0
                            ? "This path has no parameters."
                            : "The parameters are " + String.join(", ", names) + "; the query has another one.");
        }
    }

    static long number(String text, String name) throws InvalidValueException {
        if (!NUMBER.matcher(text).matches()) {
            throw new InvalidValueException(name + ": must be a whole number.");
        }
        return Long.parseLong(text);
    }

    /** Method and target only: a body may have what only its receiver should see. */
    @Override
    public String toString() {
        return "ApiRequest[" + method + " " + target + "]";
    }
}
