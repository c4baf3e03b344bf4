package dev.warder.organization.spendlimit;

import dev.warder.config.InvalidValueException;
import dev.warder.http.ErrorReply;
import dev.warder.principal.Administration;
import dev.warder.principal.RefusedChangeException;
import dev.warder.principal.api.ApiReply;
import dev.warder.principal.api.PrincipalApi;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/**
 * {@code /v1/organizations/spend_limits} and what is below it, except for the effective limits.
 *
 * @param below the rest of the path: empty for all limits, {@code audit}, or the id of one
 */
public record SpendLimitResource(String below) {
    private static final String ROOT = "/v1/organizations/spend_limits";
    private static final String EFFECTIVE = "effective";
    private static final String AUDIT = "audit";

    /** The resource of a path; empty if there is none. */
    public static Optional<SpendLimitResource> at(String path) {
        if (path.equals(ROOT)) {
            return Optional.of(new SpendLimitResource(""));
        }
        String below = path.startsWith(ROOT + "/") ? path.substring(ROOT.length() + 1) : "";
        return below.isEmpty() || below.equals(EFFECTIVE) || below.indexOf('/') >= 0
                ? Optional.empty()
                : Optional.of(new SpendLimitResource(below));
    }

    /** The methods that it has, sorted. */
    public List<String> methods() {
        if (below.equals(AUDIT)) {
            return List.of("GET");
        }
        return below.isEmpty() ? List.of("GET", "POST") : List.of("DELETE", "GET");
    }

    /** The response to one of these methods, later. */
    public CompletionStage<ApiReply> reply(PrincipalApi api, PolicyCall call) {
        return api.reply(administration -> reply(administration, call));
    }

    private ApiReply reply(Administration administration, PolicyCall call)
            throws InvalidValueException, RefusedChangeException, SQLException {
        if (below.equals(AUDIT)) {
            return SpendLimitAudit.parse(call.query()).page(administration);
        }
        var limits = new SpendLimitChanges(administration);
        if (below.isEmpty()) {
            return call.isGet()
                    ? limits.list(SpendLimitListQuery.parse(call.query()))
                    : ok(limits.set(SpendLimitBody.read(call.document()), call.change())
                            .document());
        }
        if (call.isGet()) {
            return limits.find(below).map(found -> ok(found.document())).orElseGet(SpendLimitResource::none);
        }
        return limits.remove(below, call.change()) ? ok(SpendLimitDocument.Deleted.of(below)) : none();
    }

    private static ApiReply ok(Record document) {
        return ApiReply.of(200, document);
    }

    private static ApiReply none() {
        return ApiReply.of(ErrorReply.notFound("There is no spend limit of this id."));
    }
}
