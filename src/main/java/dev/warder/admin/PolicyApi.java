package dev.warder.admin;

import dev.warder.admin.Endpoint.Kind;
import dev.warder.admin.page.PageReply;
import dev.warder.adminapi.Administration;
import dev.warder.adminapi.Administration.Changed;
import dev.warder.adminapi.PrincipalView;
import dev.warder.adminapi.RefusedChangeException;
import dev.warder.adminapi.RefusedChangeException.Cause;
import dev.warder.auth.AccessToken;
import dev.warder.config.InvalidValueException;
import dev.warder.http.ErrorReply;
import dev.warder.http.Field;
import dev.warder.http.Form;
import dev.warder.http.PageDocument;
import dev.warder.json.JsonDocuments;
import dev.warder.json.JsonTree;
import dev.warder.json.ValueCount;
import dev.warder.ledger.CsvText;
import dev.warder.policy.AuditEntry;
import dev.warder.policy.PolicyName;
import jakarta.json.JsonObject;
import jakarta.json.JsonString;
import jakarta.json.JsonValue;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletionStage;
import java.util.function.ToLongFunction;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** The policy in the database as documents for programs, below {@code /admin/api}. Thread-safe. */
final class PolicyApi {
    static final int LONGEST_OBJECT = 64 * 1024;
    static final int LONGEST_FILES = 12 << 20;

    private static final String LIMIT = "limit";
    private static final String PAGE = "page";
    private static final String SEARCH = "search";
    private static final String CLIENT = "client";
    private static final String NAME = "name";
    private static final String TERMS = "terms";
    private static final String FORMAT = "format";
    private static final int USUAL_LIMIT = 100;
    private static final int MOST_LIMIT = 1000;
    private static final int LONGEST_SEARCH = 64;
    private static final Pattern NUMBER = Pattern.compile("0|[1-9][0-9]{0,17}");
    private static final Pattern ETAG = Pattern.compile("\"(0|[1-9][0-9]{0,17})\"");
    /** Their tree is charged to no memory: a fourth of the heap at most. */
    private static final int MOST_VALUES = ValueCount.MOST / 4;

    private PolicyApi() {}

    /** A work that waits for the database. */
    @FunctionalInterface
    interface Task {
        AdminReply reply(Administration administration, AdminRequest request)
                throws InvalidValueException, RefusedChangeException, SQLException;
    }

    /** Does a task on one of the threads for it; the response without a database names the setting. */
    static Endpoint.Work task(Task task) {
        return request -> {
            var administration = request.context().administration;
            return administration.isEmpty()
                    ? request.refused(withoutDatabase(request))
                    : request.threads().query(() -> task.reply(administration.get(), request));
        };
    }

    static ErrorReply withoutDatabase(AdminRequest request) {
        return ErrorReply.notFound(
                request.found().kind() == Kind.ORGANIZATION
                        ? "Without a database this gateway has no spend limits."
                        : PageReply.NO_DATABASE);
    }

    static Task list(PolicyName.Kind kind) {
        return (administration, request) -> {
            var query = Query.of(request, SEARCH, LIMIT, PAGE);
            return page(administration.view().objects(kind, query.search(), query.after(), query.limit()));
        };
    }

    static Task create(PolicyName.Kind kind) {
        return (administration, request) -> {
            Query.of(request);
            var definition = object(request);
            var name = new PolicyName(kind, text(definition, NAME));
            return changed(administration.create(name, definition, change(request)));
        };
    }

    /** The task of a method on one object. */
    static Task object(PolicyName.Kind kind) {
        return (administration, request) -> {
            Query.of(request);
            var name = new PolicyName(kind, request.variable());
            var condition = condition(request);
            return switch (request.call().method()) {
                case "GET" -> found(request, administration.view().find(name), PrincipalView.ObjectDocument::revision);
                case "PUT" -> changed(administration.put(name, object(request), condition, change(request)));
                case "PATCH" -> changed(administration.merge(name, object(request), condition, change(request)));
                default -> changed(administration.remove(name, condition, change(request)));
            };
        };
    }

    static AdminReply tokens(Administration administration, AdminRequest request)
            throws InvalidValueException, SQLException {
        var query = Query.of(request, CLIENT, SEARCH, LIMIT, PAGE);
        String client = query.value(CLIENT);
        return page(administration.view().tokens(client, query.search(), query.after(), query.limit()));
    }

    static AdminReply createToken(Administration administration, AdminRequest request)
            throws InvalidValueException, RefusedChangeException, SQLException {
        Query.of(request);
        var body = members(request, NAME, CLIENT, TERMS);
        var terms = object(body, TERMS).orElse(JsonValue.EMPTY_JSON_OBJECT);
        var created = administration.createToken(text(body, NAME), text(body, CLIENT), terms, change(request));
        var document = JsonTree.parseObject(created.result().document()).orElseThrow();
        var secret = JsonTree.orNull(created.secret().map(AccessToken::reveal));
        String shown = JsonTree.newObject(document).add("token", secret).build().toString();
        return reply(201, shown, created.result().revision());
    }

    static AdminReply token(Administration administration, AdminRequest request)
            throws InvalidValueException, RefusedChangeException, SQLException {
        Query.of(request);
        String id = request.variable();
        var condition = condition(request);
        return switch (request.call().method()) {
            case "GET" -> found(request, administration.view().token(id), PrincipalView.TokenDocument::revision);
            case "PATCH" -> changed(administration.mergeToken(id, object(request), condition, change(request)));
            default -> changed(administration.revokeToken(id, condition, change(request)));
        };
    }

    static AdminReply takeOver(Administration administration, AdminRequest request)
            throws InvalidValueException, RefusedChangeException, SQLException {
        Query.of(request);
        var body = members(request, "policy_file", "clients_file");
        Optional<String> clientsFile =
                body.containsKey("clients_file") ? Optional.of(text(body, "clients_file")) : Optional.empty();
        return changed(administration.takeOver(object(body, "policy_file"), clientsFile, change(request)));
    }

    static CompletionStage<AdminReply> audit(AdminRequest request) throws Exception {
        boolean isExport = request.query()
                .filter(query -> query.value(FORMAT).equals("csv"))
                .isPresent();
        return isExport
                ? FileExport.reply(
                        request,
                        "warder-audit.csv",
                        "text/csv;charset=utf-8",
                        new AuditExport(request.context().administration.orElseThrow())::next,
                        "incomplete\r\n")
                : task(PolicyApi::auditPage).reply(request);
    }

    private static AdminReply auditPage(Administration administration, AdminRequest request)
            throws InvalidValueException, SQLException {
        var query = Query.of(request, LIMIT, PAGE);
        String cursor = query.after();
        long after = cursor.isEmpty() ? 0 : Query.number(cursor, PAGE);
        int limit = query.limit();
        var entries = administration.auditAfter(after, limit);
        Optional<String> last = entries.size() == limit
                ? Optional.of(Long.toString(entries.get(limit - 1).number()))
                : Optional.empty();
        var missing = last.isEmpty() ? administration.auditMissing() : Optional.<String>empty();
        var page = JsonTree.newObject()
                .add(
                        "data",
                        JsonTree.newArray(entries.stream().map(AuditEntry::json).toList()))
                .add("next_page", JsonTree.orNull(last.map(PageDocument::after)));
        missing.ifPresent(text -> page.add("missing", text));
        return AdminReply.json(200, page.build().toString());
    }

    private static <T extends Record> AdminReply found(
            AdminRequest request, Optional<T> document, ToLongFunction<T> revision) {
        return document.map(found -> reply(200, JsonDocuments.text(found), revision.applyAsLong(found)))
                .orElseGet(() -> request.error(ErrorReply.notFound()));
    }

    private static AdminReply changed(Changed changed) {
        var result = changed.result();
        return reply(result.isNew() ? 201 : 200, result.document(), result.revision());
    }

    private static AdminReply reply(int status, String document, long revision) {
        return AdminReply.json(status, document).with(new Field("ETag", "\"" + revision + "\""));
    }

    private static AdminReply page(PrincipalView.Page<?> page) {
        return list(page.items(), page.last());
    }

    private static <T> AdminReply list(List<T> items, Optional<String> last) {
        return AdminReply.json(200, new PageDocument<>(items, last.map(PageDocument::after)));
    }

    /** The object in the body of a request. */
    static JsonObject object(AdminRequest request) throws InvalidValueException, RefusedChangeException {
        String body = request.content().text().orElse("");
        if (body.length() > MOST_VALUES && !ValueCount.fits(body, MOST_VALUES)) {
            throw new RefusedChangeException(
                    Cause.TOO_LARGE, "The body has more than " + MOST_VALUES + " names and values, or is not JSON.");
        }
        return JsonTree.parseWholeDistinctObject(body)
                .orElseThrow(() -> new InvalidValueException(
                        "The body must be one JSON object, without two members of one name."));
    }

    private static JsonObject members(AdminRequest request, String... members)
            throws InvalidValueException, RefusedChangeException {
        var body = object(request);
        if (!List.of(members).containsAll(body.keySet())) {
            throw new InvalidValueException(
                    "The members are " + String.join(", ", members) + "; the body has another one.");
        }
        return body;
    }

    private static String text(JsonObject body, String member) throws InvalidValueException {
        if (body.get(member) instanceof JsonString text && !text.getString().isEmpty()) {
            return text.getString();
        }
        throw new InvalidValueException(member + ": must be a string.");
    }

    private static Optional<JsonObject> object(JsonObject body, String member) throws InvalidValueException {
        JsonValue value = body.get(member);
        if (value != null && !(value instanceof JsonObject)) {
            throw new InvalidValueException(member + ": must be an object.");
        }
        return Optional.ofNullable(value).map(JsonValue::asJsonObject);
    }

    private static Administration.Condition condition(AdminRequest request) throws InvalidValueException {
        String field = request.head().ifMatch().map(String::strip).orElse("");
        if (request.head().ifMatch().isEmpty()) {
            return Administration.Condition.NONE;
        }
        if (field.equals("*")) {
            return new Administration.Condition(true, OptionalLong.empty());
        }
        var tag = ETAG.matcher(field);
        if (!tag.matches()) {
            throw new InvalidValueException("If-Match: must be one ETag, such as \"17\", or *.");
        }
        return new Administration.Condition(false, OptionalLong.of(Long.parseLong(tag.group(1))));
    }

    /** Who asks for a change, and how the request is known if it is repeated. */
    static Administration.Request change(AdminRequest request) throws InvalidValueException {
        var actor = request.actor();
        var call = request.call();
        String asked = call.method() + " " + call.target().path()
                + request.head().ifMatch().map(tag -> " " + tag).orElse("") + "\n"
                + request.content().text().orElse("");
        return new Administration.Request(
                actor,
                request.token(),
                Administration.IdempotencyKey.read(actor.name(), request.head().idempotencyKey(), asked));
    }

    /** The parameters of an address. Immutable. */
    private record Query(Form form) {
        /** @param names of all parameters that there are */
        static Query of(AdminRequest request, String... names) throws InvalidValueException {
            var form = request.parameters();
            if (!List.of(names).containsAll(form.values().keySet())) {
                throw new InvalidValueException(
                        names.length == 0
                                ? "This path has no parameters."
                                : "The parameters are " + String.join(", ", names) + "; the query has another one.");
            }
            return new Query(form);
        }

        String value(String name) {
            return form.value(name);
        }

        int limit() throws InvalidValueException {
            long limit = value(LIMIT).isEmpty() ? USUAL_LIMIT : number(value(LIMIT), LIMIT);
            if (limit < 1 || limit > MOST_LIMIT) {
                throw new InvalidValueException("limit: must be from 1 to " + MOST_LIMIT + ".");
            }
            return (int) limit;
        }

        /** The name after which a page begins; empty text for the first page. */
        String after() throws InvalidValueException {
            String page = value(PAGE);
            return page.isEmpty()
                    ? ""
                    : PageDocument.name(page)
                            .orElseThrow(
                                    () -> new InvalidValueException("page: must be next_page of an earlier response."));
        }

        String search() throws InvalidValueException {
            String text = value(SEARCH).strip();
            if (text.length() > LONGEST_SEARCH) {
                throw new InvalidValueException("search: must have at most " + LONGEST_SEARCH + " characters.");
            }
            return text;
        }

        static long number(String text, String name) throws InvalidValueException {
            if (!NUMBER.matcher(text).matches()) {
                throw new InvalidValueException(name + ": must be a whole number.");
            }
            return Long.parseLong(text);
        }
    }

    /**
     * The audit as CSV (RFC 4180). Cells that a spreadsheet would run as a formula have an apostrophe before them. One call at a time.
     */
    static final class AuditExport {
        private static final int PIECE = 100;
        private static final String TITLES =
                "number,made_at,actor,address,request_id,action,subject,before,after,previous_hash,hash\r\n";

        private final Administration administration;
        private long last;
        private boolean begun;

        AuditExport(Administration administration) {
            this.administration = administration;
        }

        /** The next piece; empty text after the last one. */
        String next() throws SQLException {
            var entries = administration.auditAfter(last, PIECE);
            String begin = begun ? "" : TITLES;
            begun = true;
            if (!entries.isEmpty()) {
                last = entries.get(entries.size() - 1).number();
            }
            return entries.stream().map(AuditExport::line).collect(Collectors.joining("", begin, ""));
        }

        private static String line(AuditEntry entry) {
            return entry.texts().stream().map(CsvText::field).collect(Collectors.joining(",", "", "\r\n"));
        }
    }
}
