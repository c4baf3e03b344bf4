package dev.warder.admin;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warder.config.Secret;
import dev.warder.http.Call;
import dev.warder.http.ErrorReply;
import dev.warder.http.Field;
import dev.warder.http.RequestTarget;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AdminServletTest {
    private static final String TOKEN = "administrators-token";

    @Test
    void carriesOutWhatAnAdministratorAsksFor() {
        assertThat(refusal("POST", "/admin/drain", TOKEN)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"administrators-toke", "administrators-token2", "Administrators-token", "", "x"})
    void takesNoOtherToken(String presented) {
        var reply = refusal("POST", "/admin/drain", presented).orElseThrow();
        assertThat(reply.status()).isEqualTo(401);
        assertThat(reply.fields()).contains(new Field("WWW-Authenticate", "Bearer realm=\"warder\""));
        assertThat(refusal("GET", "/admin/other", presented)).contains(reply);
    }

    @Test
    void asksForTheTokenWhenNoneIsPresented() {
        var reply = AdminServlet.refusal(call("POST", "/admin/drain"), secret(), Optional.empty());
        assertThat(reply).map(ErrorReply::status).contains(401);
    }

    @Test
    void servesNothingWithoutTheSetting() {
        var reply = AdminServlet.refusal(call("POST", "/admin/drain"), Optional.empty(), Optional.of(TOKEN));
        assertThat(reply).map(ErrorReply::status).contains(404);
    }

    @ParameterizedTest
    @ValueSource(strings = {"/admin", "/admin/", "/admin/login", "/admin/drain/", "/admin/drain/x", "/admin/Drain"})
    void knowsNoOtherPath(String path) {
        assertThat(refusal("POST", path, TOKEN)).map(ErrorReply::status).contains(404);
    }

    @ParameterizedTest
    @ValueSource(strings = {"GET", "HEAD", "PUT", "DELETE", "OPTIONS", "post"})
    void drainsByPostAlone(String method) {
        var reply = refusal(method, "/admin/drain", TOKEN).orElseThrow();
        assertThat(reply.status()).isEqualTo(405);
        assertThat(reply.fields()).contains(new Field("Allow", "POST"));
    }

    private static Optional<ErrorReply> refusal(String method, String path, String presented) {
        return AdminServlet.refusal(call(method, path), secret(), Optional.of(presented));
    }

    private static Optional<Secret> secret() {
        return Optional.of(Secret.of(TOKEN));
    }

    private static Call call(String method, String path) {
        return Call.of("id", method, new RequestTarget(path, Optional.empty()), () -> 0);
    }
}
