package dev.warder.exchange.up;

import dev.warder.body.Chunks;
import dev.warder.http.Field;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.apache.hc.core5.http.HttpHost;
import org.apache.hc.core5.http.HttpRequest;
import org.jspecify.annotations.Nullable;

/**
 * The request that goes up, whichever credential it goes with. One thread at a time.
 */
public final class Outgoing {
    /**
     * The part of one try.
     *
     * @param content null for none
     * @param progress how far it is sent
     */
    public record Next(@Nullable RequestContent content, SendProgress progress) {}

    private final RequestHead head;
    private final String path;
    private final List<Field> fields;
    private final boolean streams;
    private final boolean repeatable;
    private final Optional<String> model;
    private final Optional<String> session;
    private final Supplier<Next> nexts;

    private Outgoing(
            RequestHead head,
            String path,
            List<Field> fields,
            boolean streams,
            boolean repeatable,
            Optional<String> model,
            Optional<String> session,
            Supplier<Next> nexts) {
        this.head = head;
        this.path = path;
        this.fields = List.copyOf(fields);
        this.streams = streams;
        this.repeatable = repeatable;
        this.model = model;
        this.session = session;
        this.nexts = nexts;
    }

    static Outgoing empty(
            RequestHead head, String path, List<Field> fields, boolean repeatable, Supplier<SendProgress> progress) {
        return new Outgoing(head, path, fields, false, repeatable, Optional.empty(), Optional.empty(), () -> {
            var sending = progress.get();
            sending.nothing();
            return new Next(null, sending);
        });
    }

    static Outgoing once(RequestHead head, RequestContent content, SendProgress progress) {
        return new Outgoing(
                head,
                head.path(),
                head.fields(),
                false,
                false,
                Optional.empty(),
                Optional.empty(),
                () -> new Next(content, progress));
    }

    /**
     * A request whose content was collected.
     *
     * @param streams whether it asks for an event stream
     * @param model the model that it names; empty when it names none
     * @param session the client's name for its conversation, where the body has one
     * @param body what is sent
     * @param collected the body whose arrays are shared by it
     */
    static Outgoing collected(
            RequestHead head,
            String path,
            List<Field> fields,
            boolean streams,
            Optional<String> model,
            Optional<String> session,
            Chunks body,
            Chunks collected,
            Supplier<SendProgress> progress) {
        return new Outgoing(head, path, fields, streams, true, model, session, new Supplier<>() {
            private boolean again;

            @Override
            public Next get() {
                var sending = progress.get();
                // An earlier try that was cancelled may still look at the arrays: they are not used for other bodies.
                var content =
                        again ? CollectedContent.again(body, sending) : new CollectedContent(body, collected, sending);
                again = true;
                sending.content(content);
                return new Next(content, sending);
            }
        });
    }

    public List<Field> fields() {
        return fields;
    }

    public String path() {
        return path;
    }

    public boolean asksForHead() {
        return head.method().equals("HEAD");
    }

    /**
     * The message that goes up.
     *
     * @param prefix the path of the configured URL
     * @param complete the fields with the credential, in order
     * @param version the {@code anthropic-version} for a client that sent none
     */
    public HttpRequest message(HttpHost host, String prefix, List<Field> complete, String version) {
        return head.message(host, prefix + path, complete, version);
    }

    public boolean streams() {
        return streams;
    }

    public Optional<String> model() {
        return model;
    }

    public Optional<String> session() {
        return session;
    }

    public boolean repeatable() {
        return repeatable;
    }

    public Next next() {
        return nexts.get();
    }
}
