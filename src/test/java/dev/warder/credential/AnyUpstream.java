package dev.warder.credential;

import dev.warder.auth.Inquiry;
import dev.warder.http.ErrorReply;
import dev.warder.upstream.CompleteResponse;
import java.net.URI;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/** An upstream that serves every request, for tests that send none. */
public record AnyUpstream() implements Upstream {
    @Override
    public URI url() {
        return URI.create("https://api.example.com");
    }

    @Override
    public Optional<ErrorReply> refusal(Inquiry request) {
        return Optional.empty();
    }

    @Override
    public boolean listsModels() {
        return false;
    }

    @Override
    public CompletableFuture<CompleteResponse> models(UpstreamCredential credential, String query, int limit) {
        throw new UnsupportedOperationException();
    }
}
