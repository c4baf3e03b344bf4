package dev.warder.auth;

import dev.warder.http.Call;
import dev.warder.http.Dialect;
import dev.warder.http.ErrorReply;
import dev.warder.http.Field;
import dev.warder.http.Fields;
import dev.warder.http.RequestHints;
import dev.warder.http.Route;
import dev.warder.json.BodyCosts;
import dev.warder.json.JsonOutline;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/**
 * The subject of a gate's decision: one request. Immutable.
 *
 * @param call the call, with its id, method, target and route
 * @param client the caller
 * @param ownCredential whether the caller's own credential goes upstream, and not one of the operator's
 * @param noCredential the refusal of a request for which there is no usable credential
 * @param fields the header fields that go upstream, without credentials and access tokens
 * @param content what is known of a body that was collected; empty before that, and for a body that is not read
 */
public record Inquiry(
        Call call,
        Client client,
        boolean ownCredential,
        Optional<ErrorReply> noCredential,
        List<Field> fields,
        Optional<Content> content) {
    /** The field in which Claude Code sends the name of an agent that it runs within a session. */
    private static final String AGENT = "x-claude-code-agent-id";

    private static final String CODING = "content-encoding";
    private static final Set<String> FREE_METHODS = Set.of("GET", "HEAD", "OPTIONS", "DELETE");

    /**
     * A collected body, after its translation and before edits. Positions in {@code outline} are those of that body, which
     * is not here.
     *
     * @param length its length in bytes, without a content coding
     * @param model the model that is asked upstream: an alias is resolved
     * @param maxTokens the value of {@code max_tokens}, or that of another model of the body if it is larger; empty when the
     *     former is absent or not an integer
     */
    public record Content(long length, JsonOutline outline, Optional<String> model, OptionalLong maxTokens) {
        public Content with(BodyCosts known) {
            return new Content(length, outline.with(known), model, maxTokens);
        }

        public Optional<String> asked() {
            return outline.alias().or(() -> model);
        }
    }

    public Inquiry {
        fields = List.copyOf(fields);
    }

    public Inquiry with(Content known) {
        return new Inquiry(call, client, ownCredential, noCredential, fields, Optional.of(known));
    }

    public Dialect dialect() {
        return call.dialect();
    }

    public Optional<String> model() {
        return content.flatMap(Content::model);
    }

    public boolean streams() {
        return content.isPresent() && content.get().outline().streams();
    }

    public OptionalLong maxTokens() {
        return content.isPresent() ? content.get().maxTokens() : OptionalLong.empty();
    }

    public Optional<String> field(String name) {
        return Fields.find(fields, name);
    }

    public BodyCosts costs() {
        return content.isPresent() ? content.get().outline().costs() : isCoded() ? BodyCosts.OF_CODED : BodyCosts.NONE;
    }

    private boolean isCoded() {
        return fields.stream()
                .anyMatch(field -> field.name().equalsIgnoreCase(CODING)
                        && !field.value().strip().equalsIgnoreCase("identity"));
    }

    /**
     * The caller's name of its conversation. Clients send it as a field, see {@link Route#session}; the body's {@code
     * metadata} is not read.
     */
    public Optional<String> sessionId() {
        return call.route().session(this::field);
    }

    public Optional<String> agentId() {
        return field(AGENT);
    }

    public RequestHints hints() {
        return RequestHints.of(fields);
    }

    /**
     * 403 for a client that is limited, on a path whose bodies are passed on unread: what the request will use is not known
     * before it is sent. It names the path that serves instead. Empty for a request that is read, and for one that runs no model.
     *
     * @param limit what limits the client, such as {@code a budget}
     */
    public Optional<ErrorReply> refusalIfUnread(String limit) {
        return mayRunModelUnread()
                ? Optional.of(ErrorReply.forbidden("The gateway's credentials cannot be used on this path, because "
                        + limit + " limits this client and requests here are not read. Use " + alternative()
                        + " instead."))
                : Optional.empty();
    }

    /** Whether a request that is not read may run a model: not one that reads, deletes, cancels a batch, or is about files. */
    public boolean mayRunModelUnread() {
        return !FREE_METHODS.contains(call.method())
                && switch (call.route()) {
                    case RAW, OTHER -> true;
                    case BATCHES -> !call.target().path().endsWith("/cancel");
                    default -> false;
                };
    }

    private String alternative() {
        String path = Route.withoutPrefixes(call.target().path());
        return Route.of(path).isCollected() ? path : "/v1/messages";
    }

    @Override
    public String toString() {
        return "Inquiry[" + call.id() + "]";
    }
}
