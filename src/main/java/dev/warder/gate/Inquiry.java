package dev.warder.gate;

import dev.warder.auth.Client;
import dev.warder.http.Call;
import dev.warder.http.Dialect;
import dev.warder.http.ErrorReply;
import dev.warder.http.Field;
import dev.warder.http.Route;
import dev.warder.http.SessionName;
import dev.warder.json.BodyCosts;
import dev.warder.json.JsonOutline;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * The subject of a gate's decision: one request. Immutable.
 *
 * @param call the call, with its id, method, target and route
 * @param client the caller
 * @param ownCredential whether the caller's own credential goes upstream, and not one of the operator's
 * @param noCredential the refusal of a request for which there is no usable credential
 * @param fields the header fields that go upstream, without credentials and access tokens
 * @param declaredLength the declared length of the body in bytes; empty when none is declared
 * @param content what is known of a body that was collected; empty before that, and for a body that is not read
 */
public record Inquiry(
        Call call,
        Client client,
        boolean ownCredential,
        Optional<ErrorReply> noCredential,
        List<Field> fields,
        OptionalLong declaredLength,
        Optional<Content> content) {
    /** The field in which Claude Code sends the name of an agent that it runs within a session. */
    private static final String AGENT = "x-claude-code-agent-id";

    private static final String CODING = "content-encoding";

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
        /** The same content, when more is known of its costs. */
        public Content with(BodyCosts known) {
            return new Content(length, outline.with(known), model, maxTokens);
        }

        /** The model in the body, which may be an alias. */
        public Optional<String> asked() {
            return outline.alias().or(() -> model);
        }
    }

    /** Copies the list. */
    public Inquiry {
        fields = List.copyOf(fields);
    }

    /** The same request, whose body is known now. */
    public Inquiry with(Content known) {
        return new Inquiry(call, client, ownCredential, noCredential, fields, declaredLength, Optional.of(known));
    }

    /** What is requested. */
    public Route route() {
        return call.route();
    }

    /** How errors are reported to the caller. */
    public Dialect dialect() {
        return call.dialect();
    }

    /** The model that is asked upstream; empty when the body names none, or is not known. */
    public Optional<String> model() {
        return content.flatMap(Content::model);
    }

    /** Whether the body asks for an event stream. */
    public boolean streams() {
        return content.isPresent() && content.get().outline().streams();
    }

    /** The value of {@code max_tokens}, if the body is known and has it. */
    public OptionalLong maxTokens() {
        return content.isPresent() ? content.get().maxTokens() : OptionalLong.empty();
    }

    /** The first value of the field of this name, in any case. */
    public Optional<String> field(String name) {
        for (var field : fields) {
            if (field.name().equalsIgnoreCase(name)) {
                return Optional.of(field.value());
            }
        }
        return Optional.empty();
    }

    /** What the body states about its cost; nothing if it is not known, except that a coded one may be of any length. */
    public BodyCosts costs() {
        return content.map(body -> body.outline().costs())
                .orElseGet(() -> isCoded() ? BodyCosts.OF_CODED : BodyCosts.NONE);
    }

    private boolean isCoded() {
        return fields.stream()
                .anyMatch(field -> field.name().equalsIgnoreCase(CODING)
                        && !field.value().strip().equalsIgnoreCase("identity"));
    }

    /**
     * The caller's name of its conversation. Clients send it as a field, see {@link SessionName}; the body's {@code
     * metadata} is not read.
     */
    public Optional<String> sessionId() {
        return SessionName.of(call.route(), this::field);
    }

    /** The caller's name of the agent within its conversation. */
    public Optional<String> agentId() {
        return field(AGENT);
    }

    /** The id only: fields are the caller's. */
    @Override
    public String toString() {
        return "Inquiry[" + call.id() + "]";
    }
}
