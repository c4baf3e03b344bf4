package dev.warder.credential;

import dev.warder.auth.Inquiry;
import dev.warder.http.ErrorReply;
import dev.warder.json.MemberPaths;
import dev.warder.upstream.CompleteResponse;
import java.net.URI;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;

/**
 * An upstream as the pool knows it: which requests it serves, and how it reports whether a credential is valid. Each one is a {@code
 * dev.warder.exchange.tries.Provider}, which writes requests for it and reads its responses. Thread-safe.
 */
public interface Upstream {
    /** Scheme, host and port, and perhaps a path: for traces, pages and the log. */
    URI url();

    /** Scheme, host and port. */
    default String address() {
        return url().getScheme() + "://" + url().getRawAuthority();
    }

    /**
     * The members of bodies that it has to know of, or changes; see {@link MemberPaths}. The outline in the content of a request has
     * those of all upstreams of the pool.
     */
    default Set<String> members() {
        return Set.of();
    }

    /**
     * Why it does not serve a request; empty where it does. Another upstream serves the request then, and the credential is not to
     * blame. The client gets the first refusal where none does.
     */
    Optional<ErrorReply> refusal(Inquiry request);

    /** Whether its list of models is that of the API. To read it shows, free of charge, whether a credential is valid. */
    boolean listsModels();

    /**
     * Requests that list without waiting, see {@link CompleteResponse#get}; only where it {@link #listsModels}.
     *
     * @param limit the most bytes of a body
     */
    CompletableFuture<CompleteResponse> models(UpstreamCredential credential, String query, int limit);
}
