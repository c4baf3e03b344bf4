package dev.warder.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warder.testkit.RawResponse;

/** What every error of Warder's own looks like to a caller of the Messages API. */
final class Refusal {
    private static final String ID = "req_wrd_[a-z2-7]{26}";

    private Refusal() {}

    /** Checks an error with the type that errors of this status have; answers the sentence for a person. */
    static String check(RawResponse answer, int status) {
        return check(answer, status, type(status));
    }

    private static String type(int status) {
        return switch (status) {
            case 401 -> "authentication_error";
            case 403 -> "permission_error";
            case 404 -> "not_found_error";
            case 413 -> "request_too_large";
            case 429 -> "rate_limit_error";
            case 502 -> "api_error";
            case 503 -> "overloaded_error";
            case 504 -> "timeout_error";
            default -> "invalid_request_error";
        };
    }

    /** Checks status, document, id and what must not be told; answers the sentence for a person. */
    static String check(RawResponse answer, int status, String type) {
        assertThat(answer.status()).as("%s", answer).isEqualTo(status);
        assertThat(answer.fields().first("Content-Type").orElse("")).startsWith("application/json");
        var document = Answers.json(answer);
        assertThat(document.keySet()).containsExactlyInAnyOrder("type", "error", "request_id");
        assertThat(document.getString("type")).isEqualTo("error");
        assertThat(document.getJsonObject("error").getString("type")).isEqualTo(type);
        var id = document.getString("request_id");
        assertThat(id).matches(ID);
        assertThat(answer.fields().values("request-id")).containsExactly(id);
        assertThat(answer.fields().values("X-Warder-Request-Id")).containsExactly(id);
        showsNoClass(answer);
        showsNothingPresented(answer);
        return document.getJsonObject("error").getString("message");
    }

    /** Checks that an answer, the container's own too, shows nothing of what was presented. */
    static void showsNothingPresented(RawResponse answer) {
        assertThat(answer.toString())
                .doesNotContain(Contract.ACCESS_TOKEN, Contract.MANAGED_KEY, Contract.OWN_KEY, Contract.OWN_OAUTH);
    }

    private static void showsNoClass(RawResponse answer) {
        assertThat(answer.toString())
                .doesNotContain(
                        "Exception", "\tat ", "dev.warder", "java.", "org.apache", "org.eclipse", "Jetty", "Tomcat");
    }
}
