package dev.warder.testkit;

import dev.warder.http.Form;
import dev.warder.oauth.CredentialControl;
import dev.warder.oauth.CredentialControl.AuthorizationRequest;
import dev.warder.oauth.CredentialControl.ControlException;
import java.net.URI;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;

/** A credential that does what a test says, and remembers what was asked of it. Thread-safe. */
public final class ScriptedControl implements CredentialControl {
    /** The {@code state} of every login. */
    public static final String STATE = "state-ssssssssssss";

    private final List<String> asked = new CopyOnWriteArrayList<>();
    private final URI authorizeUrl;
    private volatile CompletionStage<CredentialControl.Status> answer;

    /** One named {@code main}; an empty address lets no login begin. */
    public ScriptedControl(URI authorizeUrl, CredentialControl.Status status) {
        this.authorizeUrl = authorizeUrl;
        this.answer = CompletableFuture.completedFuture(status);
    }

    /** Everything but the beginning of a login fails from now on. */
    public void fail(String message) {
        answer = CompletableFuture.failedFuture(new ControlException(message));
    }

    /** Everything takes until the test completes this. */
    public void wait(CompletableFuture<CredentialControl.Status> later) {
        answer = later;
    }

    /** What was asked, in order, with what came along. */
    public List<String> asked() {
        return List.copyOf(asked);
    }

    @Override
    public String name() {
        return "main";
    }

    @Override
    public AuthorizationRequest beginLogin() throws ControlException {
        asked.add("beginLogin");
        if (authorizeUrl.toString().isEmpty()) {
            throw new ControlException("oauth.authorizeUrl is not set");
        }
        String query = Objects.requireNonNullElse(authorizeUrl.getRawQuery(), "");
        var url = URI.create(authorizeUrl + (query.isEmpty() ? "?" : "&") + "state=" + STATE);
        String redirectUri = Form.parse(query).orElseThrow().value("redirect_uri");
        return new AuthorizationRequest(url, STATE, URI.create(redirectUri));
    }

    @Override
    public CompletionStage<CredentialControl.Status> finishLogin(String code, String state) {
        asked.add("finishLogin " + code + " " + state);
        return answer;
    }

    @Override
    public CompletionStage<CredentialControl.Status> status() {
        return answer;
    }

    @Override
    public CompletionStage<CredentialControl.Status> refresh() {
        asked.add("refresh");
        return answer;
    }

    @Override
    public CompletionStage<CredentialControl.Status> logout() {
        asked.add("logout");
        return answer;
    }
}
