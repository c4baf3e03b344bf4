package dev.warder.principal.api;

import dev.warder.config.InvalidValueException;
import dev.warder.json.JsonTree;
import dev.warder.principal.Administration;
import dev.warder.principal.RefusedChangeException;
import dev.warder.spendlimit.IncreaseDocument;
import dev.warder.spendlimit.IncreaseForm;
import dev.warder.spendlimit.IncreaseQuery;
import dev.warder.spendlimit.IncreaseRequest;
import dev.warder.spendlimit.IncreaseRequest.Status;
import dev.warder.spendlimit.Increases;
import jakarta.json.JsonObject;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** {@code /admin/api/increase_requests}: requests of clients for higher spend limits. All methods wait for the database. */
final class IncreaseApi {
    private static final String CLIENT = "client";
    private static final String STATUS = "status";
    private static final String AMOUNT = "amount";
    private static final String REASON = "reason";
    private static final String PERIOD = "period";

    private final Increases increases;

    IncreaseApi(Administration administration) {
        increases = new Increases(administration);
    }

    /** The newest first. */
    ApiReply list(ApiRequest request) throws InvalidValueException, SQLException {
        ApiSyntax.checkParameters(request, List.of(CLIENT, STATUS, ApiSyntax.LIMIT, ApiSyntax.PAGE));
        int limit = ApiSyntax.limit(request);
        var query = IncreaseQuery.of(clients(request), statuses(request), before(request), limit + 1);
        var found =
                request.own().isPresent() ? increases.own(query, request.own().get()) : increases.list(query);
        var shown = found.subList(0, Math.min(limit, found.size()));
        boolean isOwn = request.own().isPresent();
        var items = shown.stream()
                .map(each -> isOwn ? IncreaseDocument.own(each) : IncreaseDocument.of(each))
                .toList();
        Optional<String> last =
                found.size() > limit ? Optional.of(shown.get(limit - 1).id()) : Optional.empty();
        return ApiSyntax.list(items, last);
    }

    private static Set<String> clients(ApiRequest request) {
        String asked = request.query().value(CLIENT);
        return request.own().map(Set::of).orElseGet(() -> asked.isEmpty() ? Set.of() : Set.of(asked));
    }

    private static Set<Status> statuses(ApiRequest request) throws InvalidValueException {
        String word = request.query().value(STATUS);
        if (word.isEmpty()) {
            return Set.of();
        }
        return Set.of(Status.of(word)
                .orElseThrow(() -> new InvalidValueException("status: must be pending, approved or denied")));
    }

    private static long before(ApiRequest request) throws InvalidValueException {
        String last = ApiSyntax.after(request);
        return last.isEmpty()
                ? Long.MAX_VALUE
                : IncreaseRequest.number(last)
                        .orElseThrow(
                                () -> new InvalidValueException("page: must be next_page of an earlier response."));
    }

    /** Makes one, for the caller itself or for the client that an administrator names. */
    ApiReply create(ApiRequest request) throws InvalidValueException, RefusedChangeException, SQLException {
        ApiSyntax.checkParameters(request, List.of());
        var body = ApiSyntax.object(request);
        ApiSyntax.checkMembers(body, List.of(CLIENT, PERIOD, AMOUNT, REASON));
        String client = client(request, body);
        var form =
                IncreaseForm.read(client, ApiSyntax.text(body, PERIOD), optional(body, AMOUNT), optional(body, REASON));
        return ApiReply.of(201, increases.submit(form, ApiSyntax.idempotency(request)));
    }

    private static String client(ApiRequest request, JsonObject body) throws InvalidValueException {
        if (request.own().isEmpty()) {
            return ApiSyntax.text(body, CLIENT);
        }
        String own = request.own().get();
        if (body.containsKey(CLIENT) && !JsonTree.text(body, CLIENT).equals(own)) {
            throw new InvalidValueException("client: must be your own, which is " + own + ", or absent.");
        }
        return own;
    }

    private static String optional(JsonObject body, String member) throws InvalidValueException {
        return body.containsKey(member) ? ApiSyntax.text(body, member) : "";
    }
}
