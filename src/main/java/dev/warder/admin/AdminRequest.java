package dev.warder.admin;

import dev.warder.admin.page.Templates;
import dev.warder.auth.Client;
import dev.warder.http.Call;
import dev.warder.http.ErrorReply;
import dev.warder.http.Form;
import dev.warder.http.RemoteAddress;
import dev.warder.http.Routing;
import jakarta.servlet.http.HttpServletRequest;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * The head of a request to {@code /admin}; the request itself is not used after that.
 *
 * @param from the address of the caller
 * @param html whether the caller prefers HTML to JSON
 * @param ownPage whether no header field shows that another site's page sent it
 * @param cookies those of the request, and makes cookies for the response
 * @param fields those of a program
 */
public record AdminRequest(
        Call call, Caller caller, String from, boolean html, boolean ownPage, AdminCookies cookies, ApiFields fields) {
    /** The caller. */
    public sealed interface Caller {
        /** A caller with the administrator's token. */
        record Bearer() implements Caller {}

        /**
         * A browser that signed in.
         *
         * @param formToken the token that its forms must hold, which no page of another site can know
         * @param number the number of the session
         * @param person the name that was given at sign-in, for the audit
         */
        record Session(String formToken, String number, Optional<String> person) implements Caller {
            /** Without the values, because the form token permits actions. */
            @Override
            public String toString() {
                return "Session";
            }
        }

        /** A caller with an access token; only below {@code /admin/api}. */
        record Token(Client client) implements Caller {}

        /**
         * A caller who is refused.
         *
         * @param due completes when the reply may be sent
         */
        record Stranger(ErrorReply reply, CompletionStage<Void> due) implements Caller {
            public static Stranger now(ErrorReply reply) {
                return new Stranger(reply, CompletableFuture.completedFuture(null));
            }
        }
    }

    public static AdminRequest of(HttpServletRequest request, Call call, AdminAuth auth) {
        var cookies = new AdminCookies(request, "/admin");
        String from = RemoteAddress.of(request);
        return new AdminRequest(
                call,
                auth.caller(request, call, cookies, from),
                from,
                Routing.prefersHtml(request),
                isOwnPage(request),
                cookies,
                ApiFields.of(request));
    }

    public Optional<Client> token() {
        return caller instanceof Caller.Token token ? Optional.of(token.client()) : Optional.empty();
    }

    /** The parameters of the address; empty if it has a malformed escape, or a parameter twice. */
    Optional<Form> query() {
        return Form.parse(call.target().query().orElse(""));
    }

    /** The token that forms on the reply's page hold; empty for a caller that needs none. */
    String formToken() {
        return caller instanceof Caller.Session session ? session.formToken() : "";
    }

    boolean isAdmitted() {
        return !(caller instanceof Caller.Stranger);
    }

    /**
     * The relative reference from the page to the folder {@code /admin/}. It is relative so that a front end may put the
     * application below any prefix, if it maps the path of cookies as well.
     */
    public String up() {
        String below = call.target().path().substring("/admin".length());
        return below.isEmpty()
                ? "admin/"
                : "./" + "../".repeat((int) below.chars().filter(c -> c == '/').count() - 1);
    }

    AdminReply toCredentials() {
        return AdminReply.seeOther(up() + "credentials");
    }

    /** An error: a page for a person, and for a program the format of all of Warder's errors. */
    public AdminReply refusal(ErrorReply reply) {
        return html ? AdminReply.page(reply, message(reply.message(), "")) : error(reply);
    }

    /** An error in the format for programs. */
    AdminReply error(ErrorReply reply) {
        return AdminReply.error(reply, call.id());
    }

    CompletionStage<AdminReply> refused(ErrorReply reply) {
        return refusal(reply).now();
    }

    /**
     * A page with one message and a link to the credentials, which the browser follows at once if {@code refresh} is
     * set.
     */
    public String message(String text, String refresh) {
        return Templates.of("message", Map.of("text", text, "up", up(), "refresh", refresh));
    }

    /**
     * Checks the header fields by which browsers describe the page that sent a form: the second line of defence after
     * the form's token. Browsers send {@code Sec-Fetch-Site} over TLS and on loopback only. A front end may have
     * changed {@code Host}.
     */
    public static boolean isOwnPage(HttpServletRequest request) {
        String site = request.getHeader("sec-fetch-site");
        if (site != null) {
            return site.equals("same-origin");
        }
        String origin = request.getHeader("origin");
        return origin == null
                || List.of("host", "x-forwarded-host").stream()
                        .map(request::getHeader)
                        .anyMatch(host -> host != null && host.equalsIgnoreCase(authority(origin)));
    }

    private static String authority(String origin) {
        try {
            return Optional.ofNullable(URI.create(origin).getRawAuthority()).orElse("");
        } catch (IllegalArgumentException malformed) {
            return "";
        }
    }

    /**
     * The fields of a request that only the resources below {@code /admin/api} use. Immutable.
     *
     * @param ifMatch {@code If-Match}
     * @param idempotencyKey {@code Idempotency-Key}
     * @param administrator the name that a caller with {@code admin.token} gives, for the audit
     */
    public record ApiFields(Optional<String> ifMatch, Optional<String> idempotencyKey, Optional<String> administrator) {
        static final String ADMINISTRATOR = "x-warder-administrator";

        private static final int LONGEST_NAME = 64;

        static ApiFields of(HttpServletRequest request) {
            return new ApiFields(
                    Optional.ofNullable(request.getHeader("if-match")),
                    Optional.ofNullable(request.getHeader("idempotency-key")),
                    Optional.ofNullable(request.getHeader(ADMINISTRATOR))
                            .map(ApiFields::name)
                            .filter(name -> !name.isEmpty()));
        }

        /** A name without characters that could look like another line or field in a log. */
        static String name(String text) {
            String cut = text.length() > LONGEST_NAME ? text.substring(0, LONGEST_NAME) : text;
            return cut.replaceAll("[^0-9A-Za-z._@-]", "?");
        }
    }
}
