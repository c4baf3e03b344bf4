package dev.warder.organization.spendlimit;

import dev.warder.config.InvalidValueException;
import dev.warder.http.Attributes;
import dev.warder.http.ErrorReply;
import dev.warder.policy.PolicyName;
import dev.warder.principal.Administration;
import dev.warder.principal.RefusedChangeException;
import dev.warder.principal.api.ApiReply;
import dev.warder.principal.api.PrincipalApi;
import dev.warder.spendlimit.IncreaseDocument;
import dev.warder.spendlimit.IncreaseRequest;
import dev.warder.spendlimit.Increases;
import jakarta.servlet.ServletContext;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.regex.Pattern;

/**
 * {@code /v1/organizations/spend_limit_increase_requests} and what is below it (Anthropic's Admin API, Java SDK 3.10.0).
 *
 * @param id of one request; empty text for all
 * @param action {@code approve} or {@code deny}; empty text to read
 * @param limits reads what was spent
 */
record IncreaseResource(String id, String action, SpendLimits limits) implements PolicyResource {
    private static final Pattern PATH = Pattern.compile(
            "/v1/organizations/spend_limit_increase_requests(?:/(?<id>[^/]+)(?:/(?<action>approve|deny))?)?");

    static Optional<PolicyResource> at(String path, ServletContext application) {
        var matcher = PATH.matcher(path);
        if (!matcher.matches()) {
            return Optional.empty();
        }
        return Optional.of(new IncreaseResource(
                Optional.ofNullable(matcher.group("id")).orElse(""),
                Optional.ofNullable(matcher.group("action")).orElse(""),
                Attributes.get(application, SpendLimits.class)));
    }

    @Override
    public List<String> methods() {
        return List.of(action.isEmpty() ? "GET" : "POST");
    }

    @Override
    public CompletionStage<ApiReply> reply(PrincipalApi api, PolicyCall call) {
        if (!action.isEmpty()) {
            return api.reply(administration -> resolve(administration, call));
        }
        try {
            return id.isEmpty() ? list(api, IncreaseListQuery.parse(call.query())) : one(api);
        } catch (InvalidValueException refused) {
            return CompletableFuture.completedFuture(ApiReply.of(ErrorReply.invalidRequest(refused.reason())));
        }
    }

    private ApiReply resolve(Administration administration, PolicyCall call)
            throws InvalidValueException, RefusedChangeException, SQLException {
        var number = IncreaseRequest.number(id);
        if (number.isEmpty()) {
            return none();
        }
        var increases = new Increases(administration);
        if (action.equals("deny")) {
            return ok(
                    IncreaseDocument.withSummary(increases.deny(number.getAsLong(), call.change()), Optional.empty()));
        }
        var body = ApprovalBody.read(call.document());
        var approved = increases.approve(number.getAsLong(), body.period(), body.cents(), call.change());
        var limit = new SpendLimitChanges(administration)
                .find(PolicyName.client(approved.client()), body.period().orElse(approved.period()));
        return ok(IncreaseDocument.withLimit(approved, limit.map(ConfiguredLimit::document)));
    }

    /** What was read, or why it was not. */
    private record Found(List<IncreaseRequest> requests, Optional<ErrorReply> refusal) {
        Found {
            requests = List.copyOf(requests);
        }

        static Found refused(ErrorReply refusal) {
            return new Found(List.of(), Optional.of(refusal));
        }
    }

    private CompletionStage<ApiReply> list(PrincipalApi api, IncreaseListQuery query) {
        return read(api, administration -> new Increases(administration).list(query.withOneMore()))
                .thenCompose(found -> found.refusal().isPresent()
                        ? CompletableFuture.completedFuture(
                                ApiReply.of(found.refusal().get()))
                        : summaries(found.requests()).thenApply(summaries -> query.page(found.requests(), summaries)));
    }

    private CompletionStage<ApiReply> one(PrincipalApi api) {
        var number = IncreaseRequest.number(id);
        if (number.isEmpty()) {
            return CompletableFuture.completedFuture(none());
        }
        return read(api, administration -> new Increases(administration)
                        .find(number.getAsLong()).stream().toList())
                .thenCompose(found -> found.requests().isEmpty()
                        ? CompletableFuture.completedFuture(
                                found.refusal().map(ApiReply::of).orElseGet(IncreaseResource::none))
                        : summaries(found.requests())
                                .thenApply(summaries ->
                                        ok(summaries.document(found.requests().get(0)))));
    }

    private static CompletableFuture<Found> read(PrincipalApi api, PrincipalApi.Task<List<IncreaseRequest>> task) {
        return api.run(administration -> new Found(task.with(administration), Optional.empty()), Found::refused);
    }

    /** What was spent under the limits of those that are pending; empty where that cannot be read now. */
    private CompletableFuture<SpendSummaries> summaries(List<IncreaseRequest> requests) {
        var query = SpendSummaries.query(requests);
        if (query.isEmpty() || !limits.reads().enter()) {
            return CompletableFuture.completedFuture(SpendSummaries.NONE);
        }
        return limits.page(query.get()).handle((page, failed) -> {
            limits.reads().leave();
            return failed == null ? new SpendSummaries(page.data()) : SpendSummaries.NONE;
        });
    }

    private static ApiReply ok(IncreaseDocument document) {
        return ApiReply.of(200, document);
    }

    private static ApiReply none() {
        return ApiReply.of(ErrorReply.notFound("There is no increase request of this id."));
    }
}
