package dev.warder.principal.api;

import dev.warder.config.InvalidValueException;
import dev.warder.http.ErrorReply;
import dev.warder.json.JsonTree;
import dev.warder.policy.store.PolicyKind;
import dev.warder.policy.store.PolicyName;
import dev.warder.principal.Administration;
import dev.warder.principal.Administration.Changed;
import dev.warder.principal.PrincipalView;
import dev.warder.principal.RefusedChangeException;
import jakarta.json.JsonObject;
import jakarta.json.JsonValue;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Serves the resources. One thread does the work, which waits for the database; it exists while there is something to do.
 * Thread-safe; no method waits.
 */
public final class PrincipalApi implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(PrincipalApi.class);

    /** Requests that wait for the thread; each may have a body of some megabytes. */
    private static final int MOST_WAITING = 16;

    private static final int IDLE_SECONDS = 5;
    private static final int RETRY_AFTER = 5;
    private static final String SEARCH = "search";
    private static final String CLIENT = "client";
    private static final String NAME = "name";
    private static final String TERMS = "terms";

    /** Files that are imported or sent at the same time: each may be some megabytes. */
    private final Semaphore imports = new Semaphore(2);

    private final Administration administration;
    private final ThreadPoolExecutor thread;
    private final OwnRequests own;

    /** What is done for a request. */
    @FunctionalInterface
    public interface Work {
        /** Does it, and may wait for the database. */
        ApiReply with(Administration administration) throws InvalidValueException, RefusedChangeException, SQLException;
    }

    /** What is done for a page, which refuses by its own text. */
    @FunctionalInterface
    public interface Task<T> {
        /** Does it, and may wait for the database. */
        T with(Administration administration) throws SQLException;
    }

    /** Creates it; nothing is read yet. */
    public PrincipalApi(Administration administration, ThreadFactory threads) {
        this.administration = administration;
        thread = new ThreadPoolExecutor(
                1, 1, IDLE_SECONDS, TimeUnit.SECONDS, new ArrayBlockingQueue<>(MOST_WAITING), threads);
        thread.allowCoreThreadTimeOut(true);
        own = new OwnRequests(administration, threads);
    }

    /** What clients ask for themselves, which has a line of its own. */
    public OwnRequests own() {
        return own;
    }

    /** Serves a request whose method its target has. */
    public CompletableFuture<ApiReply> reply(ApiRequest request) {
        if (request.own().isPresent()) {
            return own.run(request.own().get(), any -> served(() -> increases(request)), ApiReply::of);
        }
        return reply(any -> serve(request));
    }

    /** Does work in the turn of these requests. */
    public CompletableFuture<ApiReply> reply(Work work) {
        var reply = new CompletableFuture<ApiReply>();
        try {
            thread.execute(() -> complete(reply, work));
        } catch (RejectedExecutionException full) {
            reply.complete(ApiReply.of(tooMany()));
        }
        return reply;
    }

    /** Takes a place for an import, to be given back by {@link #endImport} once; false if all are taken. */
    public boolean beginImport() {
        return imports.tryAcquire();
    }

    /** Gives a place back. */
    public void endImport() {
        imports.release();
    }

    /**
     * Does something on the thread, after what waits for it.
     *
     * @param otherwise makes the result if too much waits, or the database cannot be used now; on any thread
     */
    public <T> CompletableFuture<T> run(Task<T> task, Function<ErrorReply, T> otherwise) {
        var result = new CompletableFuture<T>();
        try {
            thread.execute(() -> complete(result, task, otherwise));
        } catch (RejectedExecutionException full) {
            result.complete(otherwise.apply(tooMany()));
        }
        return result;
    }

    private <T> void complete(CompletableFuture<T> result, Task<T> task, Function<ErrorReply, T> otherwise) {
        try {
            result.complete(result(task, otherwise));
        } catch (RuntimeException | Error fault) {
            result.completeExceptionally(fault);
        }
    }

    private <T> T result(Task<T> task, Function<ErrorReply, T> otherwise) {
        try {
            return task.with(administration);
        } catch (SQLException away) {
            return otherwise.apply(away(away));
        }
    }

    private static ErrorReply tooMany() {
        return ErrorReply.rateLimited("Too many requests of administrators wait.", RETRY_AFTER);
    }

    static ErrorReply away(SQLException away) {
        LOG.warn(
                "a request of an administrator or client failed: the database cannot be used (SQL state {})",
                away.getSQLState());
        return ErrorReply.overloaded(
                "The database cannot be used now. A change may have been made: read before you repeat it.",
                RETRY_AFTER);
    }

    /** Ends after the requests that wait; an interrupted thread would close the files of H2. */
    @Override
    public void close() {
        thread.shutdown();
        own.close();
    }

    /** What may refuse a request. */
    private interface Serving {
        ApiReply reply() throws InvalidValueException, RefusedChangeException, SQLException;
    }

    private static ApiReply served(Serving serving) throws SQLException {
        try {
            return serving.reply();
        } catch (InvalidValueException refused) {
            return ApiReply.of(ErrorReply.invalidRequest(refused.reason()));
        } catch (RefusedChangeException refused) {
            return ApiReply.of(ApiSyntax.refusal(refused));
        }
    }

    private void complete(CompletableFuture<ApiReply> reply, Work work) {
        try {
            reply.complete(served(() -> work.with(administration)));
        } catch (SQLException away) {
            reply.complete(ApiReply.of(away(away)));
        } catch (RuntimeException | Error fault) {
            reply.completeExceptionally(fault);
        }
    }

    private ApiReply serve(ApiRequest request) throws InvalidValueException, RefusedChangeException, SQLException {
        var target = request.target();
        if (target instanceof ApiTarget.Objects objects) {
            return request.method().equals("GET") ? list(request, objects.kind()) : create(request, objects.kind());
        }
        if (target instanceof ApiTarget.OneObject one) {
            return object(request, one.name());
        }
        if (target instanceof ApiTarget.Tokens) {
            return request.method().equals("GET") ? tokens(request) : createToken(request);
        }
        if (target instanceof ApiTarget.OneToken one) {
            return token(request, one.id());
        }
        if (target instanceof ApiTarget.IncreaseRequests) {
            return increases(request);
        }
        return target instanceof ApiTarget.Audit ? audit(request) : takeOver(request);
    }

    private ApiReply increases(ApiRequest request) throws InvalidValueException, RefusedChangeException, SQLException {
        var increases = new IncreaseApi(administration);
        return request.method().equals("GET") ? increases.list(request) : increases.create(request);
    }

    private ApiReply list(ApiRequest request, PolicyKind kind) throws InvalidValueException, SQLException {
        ApiSyntax.checkParameters(request, List.of(SEARCH, ApiSyntax.LIMIT, ApiSyntax.PAGE));
        String after = ApiSyntax.after(request);
        int limit = ApiSyntax.limit(request);
        return page(administration.view().objects(kind, ApiSyntax.search(request), after, limit));
    }

    private ApiReply create(ApiRequest request, PolicyKind kind)
            throws InvalidValueException, RefusedChangeException, SQLException {
        ApiSyntax.checkParameters(request, List.of());
        var definition = ApiSyntax.object(request);
        var name = new PolicyName(kind, ApiSyntax.text(definition, NAME));
        return changed(administration.create(name, definition, change(request)));
    }

    private ApiReply object(ApiRequest request, PolicyName name)
            throws InvalidValueException, RefusedChangeException, SQLException {
        ApiSyntax.checkParameters(request, List.of());
        var condition = ApiSyntax.condition(request);
        return switch (request.method()) {
            case "GET" -> {
                var view = administration.view();
                yield found(view.find(name), view.revision(name));
            }
            case "PUT" -> changed(administration.put(name, ApiSyntax.object(request), condition, change(request)));
            case "PATCH" -> changed(administration.merge(name, ApiSyntax.object(request), condition, change(request)));
            default -> changed(administration.remove(name, condition, change(request)));
        };
    }

    private ApiReply tokens(ApiRequest request) throws InvalidValueException, SQLException {
        ApiSyntax.checkParameters(request, List.of(CLIENT, SEARCH, ApiSyntax.LIMIT, ApiSyntax.PAGE));
        String after = ApiSyntax.after(request);
        int limit = ApiSyntax.limit(request);
        String client = request.query().value(CLIENT);
        return page(administration.view().tokens(client, ApiSyntax.search(request), after, limit));
    }

    private ApiReply createToken(ApiRequest request)
            throws InvalidValueException, RefusedChangeException, SQLException {
        ApiSyntax.checkParameters(request, List.of());
        var body = ApiSyntax.object(request);
        ApiSyntax.checkMembers(body, List.of(NAME, CLIENT, TERMS));
        var created = administration.createToken(
                ApiSyntax.text(body, NAME),
                ApiSyntax.text(body, CLIENT),
                ApiSyntax.object(body, TERMS).orElse(JsonValue.EMPTY_JSON_OBJECT),
                change(request));
        var document = JsonTree.parseObject(created.result().document()).orElseThrow();
        JsonValue secret = created.secret()
                .<JsonValue>map(token -> JsonTree.string(token.reveal()))
                .orElse(JsonValue.NULL);
        return ApiReply.of(
                201,
                JsonTree.newObject(document).add("token", secret).build().toString(),
                created.result().revision());
    }

    private ApiReply token(ApiRequest request, String id)
            throws InvalidValueException, RefusedChangeException, SQLException {
        ApiSyntax.checkParameters(request, List.of());
        var condition = ApiSyntax.condition(request);
        return switch (request.method()) {
            case "GET" -> {
                var view = administration.view();
                yield found(view.token(id), view.tokenRevision(id));
            }
            case "PATCH" ->
                changed(administration.mergeToken(id, ApiSyntax.object(request), condition, change(request)));
            default -> changed(administration.revokeToken(id, condition, change(request)));
        };
    }

    private ApiReply takeOver(ApiRequest request) throws InvalidValueException, RefusedChangeException, SQLException {
        ApiSyntax.checkParameters(request, List.of());
        var body = ApiSyntax.object(request);
        ApiSyntax.checkMembers(body, List.of("policy_file", "clients_file"));
        Optional<String> clientsFile =
                body.containsKey("clients_file") ? Optional.of(ApiSyntax.text(body, "clients_file")) : Optional.empty();
        return changed(administration.takeOver(ApiSyntax.object(body, "policy_file"), clientsFile, change(request)));
    }

    private ApiReply audit(ApiRequest request) throws InvalidValueException, SQLException {
        ApiSyntax.checkParameters(request, List.of(ApiSyntax.LIMIT, ApiSyntax.PAGE));
        String cursor = ApiSyntax.after(request);
        long after = cursor.isEmpty() ? 0 : ApiSyntax.number(cursor, ApiSyntax.PAGE);
        int limit = ApiSyntax.limit(request);
        var entries = administration.audit().after(after, limit);
        var items = JsonTree.newArray();
        entries.forEach(entry -> items.add(AuditDocument.of(entry)));
        Optional<String> last = entries.size() == limit
                ? Optional.of(Long.toString(entries.get(limit - 1).number()))
                : Optional.empty();
        return ApiReply.of(200, ApiSyntax.list(items.build(), last));
    }

    private static Administration.Request change(ApiRequest request) throws InvalidValueException {
        return new Administration.Request(request.actor(), ApiSyntax.idempotency(request));
    }

    private static ApiReply changed(Changed changed) {
        var result = changed.result();
        return ApiReply.of(result.isNew() ? 201 : 200, result.document(), result.revision());
    }

    private static ApiReply found(Optional<JsonObject> found, Optional<Long> revision) {
        if (found.isEmpty()) {
            return ApiReply.of(ErrorReply.notFound());
        }
        String text = found.get().toString();
        return revision.map(number -> ApiReply.of(200, text, number)).orElseGet(() -> ApiReply.of(200, text));
    }

    private static ApiReply page(PrincipalView.Page page) {
        return ApiReply.of(200, ApiSyntax.list(JsonTree.newArray(page.items()).build(), page.last()));
    }
}
