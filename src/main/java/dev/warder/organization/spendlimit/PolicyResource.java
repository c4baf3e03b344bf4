package dev.warder.organization.spendlimit;

import dev.warder.principal.api.ApiReply;
import dev.warder.principal.api.PrincipalApi;
import jakarta.servlet.ServletContext;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/** A resource that administrators read and change, in the policy of the database. Thread-safe. */
public interface PolicyResource {
    /** The methods that it has, sorted. */
    List<String> methods();

    /** The response to one of these methods, later. */
    CompletionStage<ApiReply> reply(PrincipalApi api, PolicyCall call);

    /** The resource of a path; empty if there is none. */
    static Optional<PolicyResource> at(String path, ServletContext application) {
        return SpendLimitResource.at(path).or(() -> IncreaseResource.at(path, application));
    }
}
