package dev.warder.principal;

import dev.warder.config.InvalidValueException;
import dev.warder.http.ErrorReply;
import dev.warder.http.ErrorType;
import dev.warder.http.PageCursor;
import dev.warder.http.PageDocument;
import dev.warder.json.JsonTree;
import dev.warder.json.ValueCount;
import jakarta.json.JsonObject;
import jakarta.json.JsonString;
import jakarta.json.JsonValue;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.regex.Pattern;

/** How the parts of a request are written. */
final class ApiSyntax {
    static final String LIMIT = "limit";

    static final String PAGE = "page";

    private static final int USUAL_LIMIT = 100;
    private static final int MOST_LIMIT = 1000;
    private static final int LONGEST_SEARCH = 64;
    private static final Pattern NUMBER = Pattern.compile("0|[1-9][0-9]{0,17}");
    private static final Pattern ETAG = Pattern.compile("\"(0|[1-9][0-9]{0,17})\"");

    /** Their tree is charged to no memory: a fourth of the heap at most. */
    private static final int MOST_VALUES = ValueCount.MOST / 4;

    private ApiSyntax() {}

    static JsonObject object(ApiRequest request) throws InvalidValueException, RefusedChangeException {
        if (request.body().length() > MOST_VALUES && !ValueCount.fits(request.body(), MOST_VALUES)) {
            throw new RefusedChangeException(
                    RefusedChangeException.Cause.TOO_LARGE,
                    "The body has more than " + MOST_VALUES + " names and values, or is not JSON.");
        }
        return JsonTree.parseWholeDistinctObject(request.body())
                .orElseThrow(() -> new InvalidValueException(
                        "The body must be one JSON object, without two members of one name."));
    }

    static void checkMembers(JsonObject body, List<String> members) throws InvalidValueException {
        if (!members.containsAll(body.keySet())) {
            throw new InvalidValueException(
                    "The members are " + String.join(", ", members) + "; the body has another one.");
        }
    }

    static String text(JsonObject body, String member) throws InvalidValueException {
        if (body.get(member) instanceof JsonString text && !text.getString().isEmpty()) {
            return text.getString();
        }
        throw new InvalidValueException(member + ": must be a string.");
    }

    static Optional<JsonObject> object(JsonObject body, String member) throws InvalidValueException {
        JsonValue value = body.get(member);
        if (value == null) {
            return Optional.empty();
        }
        if (value instanceof JsonObject object) {
            return Optional.of(object);
        }
        throw new InvalidValueException(member + ": must be an object.");
    }

    static Condition condition(ApiRequest request) throws InvalidValueException {
        if (request.conditions().ifMatch().isEmpty()) {
            return Condition.NONE;
        }
        String field = request.conditions().ifMatch().get().strip();
        if (field.equals("*")) {
            return new Condition(true, OptionalLong.empty());
        }
        var tag = ETAG.matcher(field);
        if (!tag.matches()) {
            throw new InvalidValueException("If-Match: must be one ETag, such as \"17\", or *.");
        }
        return new Condition(false, OptionalLong.of(Long.parseLong(tag.group(1))));
    }

    static Optional<IdempotencyKey> idempotency(ApiRequest request) throws InvalidValueException {
        String asked = request.method() + " " + request.target() + " "
                + request.conditions().ifMatch().orElse("") + "\n" + request.body();
        return IdempotencyKey.read(request.actor().name(), request.conditions().idempotencyKey(), asked);
    }

    static int limit(ApiRequest request) throws InvalidValueException {
        String text = request.query().value(LIMIT);
        long limit = text.isEmpty() ? USUAL_LIMIT : number(text, LIMIT);
        if (limit < 1 || limit > MOST_LIMIT) {
            throw new InvalidValueException("limit: must be from 1 to " + MOST_LIMIT + ".");
        }
        return (int) limit;
    }

    /** The name after which a page begins; empty text for the first page. */
    static String after(ApiRequest request) throws InvalidValueException {
        String page = request.query().value(PAGE);
        if (page.isEmpty()) {
            return "";
        }
        return PageCursor.name(page)
                .orElseThrow(() -> new InvalidValueException("page: must be next_page of an earlier response."));
    }

    static String search(ApiRequest request) throws InvalidValueException {
        String text = request.query().value("search").strip();
        if (text.length() > LONGEST_SEARCH) {
            throw new InvalidValueException("search: must have at most " + LONGEST_SEARCH + " characters.");
        }
        return text;
    }

    static void checkParameters(ApiRequest request, List<String> names) throws InvalidValueException {
        if (!names.containsAll(request.query().values().keySet())) {
            throw new InvalidValueException(
                    names.isEmpty()
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

    static ErrorReply refusal(RefusedChangeException refused) {
        return switch (refused.reason()) {
            case INVALID -> ErrorReply.invalidRequest(refused.text());
            case FORBIDDEN -> ErrorReply.forbidden(refused.text());
            case TOO_LARGE -> ErrorReply.tooLarge(refused.text());
            case NOT_FOUND -> ErrorReply.notFound(refused.text());
            case CLASH -> error(409, refused);
            case CHANGED -> error(412, refused);
            case KEY_REUSED -> error(422, refused);
            case UNCONDITIONAL -> error(428, refused);
        };
    }

    private static ErrorReply error(int status, RefusedChangeException refused) {
        return new ErrorReply(status, ErrorType.INVALID_REQUEST, refused.text(), List.of()).withoutRetry();
    }

    static <T> ApiReply list(List<T> items, Optional<String> last) {
        return ApiReply.of(200, new PageDocument<>(items, last.map(PageCursor::after)));
    }
}
