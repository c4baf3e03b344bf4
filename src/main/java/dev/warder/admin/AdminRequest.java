package dev.warder.admin;

import dev.warder.admin.Endpoint.Found;
import dev.warder.admin.Endpoint.Kind;
import dev.warder.admin.page.OwnPage;
import dev.warder.admin.page.Templates;
import dev.warder.auth.Client;
import dev.warder.auth.TokenThrottle;
import dev.warder.config.InvalidValueException;
import dev.warder.http.Call;
import dev.warder.http.ErrorReply;
import dev.warder.http.Form;
import dev.warder.http.RemoteAddress;
import dev.warder.http.Routing;
import dev.warder.http.SmallBodies;
import dev.warder.http.SmallBody;
import dev.warder.json.JsonTree;
import dev.warder.policy.AuditEntry;
import dev.warder.record.RequestRecord;
import jakarta.json.JsonObject;
import jakarta.json.JsonString;
import jakarta.servlet.http.HttpServletRequest;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.stream.Collectors;

/**
 * A request to an {@link Endpoint}. The container's request is not used after its head was read. Immutable.
 *
 * @param cookies those of the request, and makes cookies for the response
 * @param content empty until the body was read
 */
public record AdminRequest(
        RequestRecord record,
        Found found,
        Caller caller,
        Head head,
        AdminCookies cookies,
        AdminContext context,
        Content content) {
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

        /** A caller with an access token; only below {@code /admin/api} and {@code /v1/organizations}. */
        record Token(Client client) implements Caller {}

        /** The browser of a client that signed in to its own page, as {@link Session}. */
        record Own(Client client, String formToken, String number) implements Caller {
            /** Without the values, because the form token permits actions. */
            @Override
            public String toString() {
                return "Own";
            }
        }

        /**
         * A caller who is refused.
         *
         * @param due completes when the reply may be sent
         */
        record Stranger(ErrorReply reply, CompletionStage<Void> due) implements Caller {
            public static Stranger now(ErrorReply reply) {
                return new Stranger(reply, CompletableFuture.completedFuture(null));
            }

            /** The caller whose token was not right; empty for the right one. */
            static Optional<Stranger> of(TokenThrottle.Verdict verdict, String wrong, String tooMany) {
                if (verdict instanceof TokenThrottle.Verdict.Wrong slowed) {
                    return Optional.of(new Stranger(ErrorReply.challenge(wrong), slowed.due()));
                }
                return verdict instanceof TokenThrottle.Verdict.Right
                        ? Optional.empty()
                        : Optional.of(now(ErrorReply.rateLimited(tooMany, 1)));
            }
        }
    }

    /**
     * The header fields.
     *
     * @param from the address of the caller
     * @param bodyType the media type of the body, in lower case; empty without a body
     * @param html whether the caller prefers HTML to JSON
     * @param ownPage whether no field shows that another site's page sent the request
     * @param ifMatch {@code If-Match}
     * @param idempotencyKey {@code Idempotency-Key}
     * @param administrator the name that a caller with {@code admin.token} gives, for the audit
     */
    record Head(
            String from,
            Optional<String> bodyType,
            boolean html,
            boolean ownPage,
            Optional<String> ifMatch,
            Optional<String> idempotencyKey,
            Optional<String> administrator) {
        static final String ADMINISTRATOR = "x-warder-administrator";

        private static final int LONGEST_NAME = 64;

        static Head of(HttpServletRequest request) {
            return new Head(
                    RemoteAddress.of(request),
                    SmallBody.isSent(request)
                            ? Optional.of(
                                    String.valueOf(request.getContentType()).toLowerCase(Locale.ROOT))
                            : Optional.empty(),
                    Routing.prefersHtml(request),
                    isOwnPage(request),
                    Optional.ofNullable(request.getHeader("if-match")),
                    Optional.ofNullable(request.getHeader("idempotency-key")),
                    Optional.ofNullable(request.getHeader(ADMINISTRATOR))
                            .map(Head::name)
                            .filter(name -> !name.isEmpty()));
        }

        /** A name without characters that could look like another line or field in a log. */
        private static String name(String text) {
            String cut = text.length() > LONGEST_NAME ? text.substring(0, LONGEST_NAME) : text;
            return cut.replaceAll("[^0-9A-Za-z._@-]", "?");
        }

        /**
         * Checks the header fields by which browsers describe the page that sent a form: the second line of defence after
         * the form's token. Browsers send {@code Sec-Fetch-Site} over TLS and on loopback only. A front end may have
         * changed {@code Host}.
         */
        private static boolean isOwnPage(HttpServletRequest request) {
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
    }

    /**
     * The body.
     *
     * @param text empty if it is too long
     * @param form the form, or the flat JSON object in place of one; no fields if it is neither, and empty if it is too long or
     * malformed
     */
    record Content(Optional<String> text, Optional<Form> form) {
        static final Content NONE = new Content(Optional.of(""), Optional.of(Form.NONE));

        static Content of(Kind kind, String type, Optional<byte[]> body) {
            var text = body.map(bytes -> new String(bytes, StandardCharsets.UTF_8));
            boolean isDocument = kind == Kind.API || kind == Kind.ORGANIZATION;
            return new Content(text, isDocument ? Optional.of(Form.NONE) : form(type, text));
        }

        private static Optional<Form> form(String type, Optional<String> text) {
            if (type.startsWith("application/x-www-form-urlencoded")) {
                return text.flatMap(Form::parse);
            }
            return type.startsWith("application/json")
                    ? text.flatMap(JsonTree::parseWholeDistinctObject).flatMap(Content::members)
                    : Optional.of(Form.NONE);
        }

        private static Optional<Form> members(JsonObject object) {
            return Optional.of(object)
                    .filter(each -> each.values().stream().allMatch(JsonString.class::isInstance))
                    .map(each -> new Form(each.keySet().stream()
                            .collect(Collectors.toMap(name -> name, name -> JsonTree.text(each, name)))));
        }

        @Override
        public String toString() {
            return "Content";
        }
    }

    static AdminRequest of(HttpServletRequest request, RequestRecord record, AdminContext context) {
        var found = Found.in(AdminEndpoints.ALL, record.call());
        var cookies = new AdminCookies(request, found.kind() == Kind.OWN ? AdminEndpoints.OWN : "/admin");
        var head = Head.of(request);
        var caller = new AdminAuth(context).caller(request, record.call(), cookies, head.from());
        return new AdminRequest(record, found, caller, head, cookies, context, Content.NONE);
    }

    AdminRequest with(Optional<byte[]> body) {
        var read = Content.of(found.kind(), head.bodyType().orElse(""), body);
        return new AdminRequest(record, found, caller, head, cookies, context, read);
    }

    Call call() {
        return record.call();
    }

    /** True for all methods but GET and HEAD. */
    boolean changes() {
        return !call().method().equals("GET") && !call().method().equals("HEAD");
    }

    /** The first variable of the path, or empty text. */
    String variable() {
        return found.variable();
    }

    /** The fields of a form; none where another body was sent. */
    Form form() {
        return content.form().orElse(Form.NONE);
    }

    /** The parameters of the address; empty if it has a malformed escape, or a parameter twice. */
    Optional<Form> query() {
        return Form.parse(call().target().query().orElse(""));
    }

    /** As {@link #query}, where a query that cannot be read is refused. */
    Form parameters() throws InvalidValueException {
        return query().orElseThrow(
                        () -> new InvalidValueException("The query has a malformed escape, or a parameter twice."));
    }

    Optional<Client> token() {
        return caller instanceof Caller.Token token ? Optional.of(token.client()) : Optional.empty();
    }

    /** The token that forms on the reply's page hold; empty for a caller that needs none. */
    String formToken() {
        return caller instanceof Caller.Session session ? session.formToken() : "";
    }

    /** The caller for the audit. */
    AuditEntry.Actor actor() {
        var given = found.kind() == Kind.API ? head.administrator() : Optional.<String>empty();
        var person = caller instanceof Caller.Session session ? session.person().or(() -> given) : given;
        String name = token().map(Client::auditName)
                .orElseGet(() -> person.map(each -> Client.ADMINISTRATOR + " (" + each + ")")
                        .orElse(Client.ADMINISTRATOR));
        return new AuditEntry.Actor(name, head.from(), call().id());
    }

    boolean isAdmitted() {
        return !(caller instanceof Caller.Stranger);
    }

    /** Whose share of the memory the body uses. */
    SmallBodies.Caller bodyCaller() {
        if (caller instanceof Caller.Own own) {
            return SmallBodies.Caller.client(own.client().name());
        }
        return token().map(client -> SmallBodies.Caller.administrator(client.name()))
                .orElse(isAdmitted() ? SmallBodies.Caller.ADMINISTRATORS : SmallBodies.Caller.stranger(head.from()));
    }

    AdminThreads.Share threads() {
        return new AdminThreads.Share(context.access.threads(), bodyCaller().name(), record::hasEnded);
    }

    /**
     * The relative reference from the page to the folder {@code /admin/}. It is relative so that a front end may put the
     * application below any prefix, if it maps the path of cookies as well.
     */
    public String up() {
        String below = call().target().path().substring("/admin".length());
        return below.isEmpty()
                ? "admin/"
                : "./" + "../".repeat((int) below.chars().filter(c -> c == '/').count() - 1);
    }

    AdminReply toCredentials() {
        return AdminReply.seeOther(up() + "credentials");
    }

    /** An error: a page for a person, and for a program the format of all of Warder's errors. */
    AdminReply refusal(ErrorReply reply) {
        return switch (found.kind()) {
            case API, ORGANIZATION -> error(reply);
            case OWN -> AdminReply.page(reply, OwnPage.signIn(reply.message()));
            case PAGE, PART, ACTION ->
                head.html() ? AdminReply.page(reply, message(reply.message(), "")) : error(reply);
        };
    }

    /** An error in the format for programs. */
    AdminReply error(ErrorReply reply) {
        if (found.kind() == Kind.ORGANIZATION) {
            record.error(reply);
        }
        return AdminReply.error(reply, call().id());
    }

    CompletionStage<AdminReply> refused(ErrorReply reply) {
        return refusal(reply).now();
    }

    /** The reply after {@code fault}. */
    AdminReply failed(Throwable fault) {
        var reply = Failures.reply(fault, call().id());
        return found.kind() == Kind.OWN ? error(reply) : refusal(reply);
    }

    /**
     * A page with one message and a link to the credentials, which the browser follows at once if {@code refresh} is
     * set.
     */
    public String message(String text, String refresh) {
        return Templates.of("message", Map.of("text", text, "up", up(), "refresh", refresh));
    }
}
