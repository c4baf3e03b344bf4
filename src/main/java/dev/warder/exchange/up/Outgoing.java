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
public abstract class Outgoing {
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

    private Outgoing(
            RequestHead head,
            String path,
            List<Field> fields,
            boolean streams,
            boolean repeatable,
            Optional<String> model,
            Optional<String> session) {
        this.head = head;
        this.path = path;
        this.fields = List.copyOf(fields);
        this.streams = streams;
        this.repeatable = repeatable;
        this.model = model;
        this.session = session;
    }

    static Outgoing empty(
            RequestHead head, String path, List<Field> fields, boolean repeatable, Supplier<SendProgress> progress) {
        return new Outgoing(head, path, fields, false, repeatable, Optional.empty(), Optional.empty()) {
            @Override
            public Next next() {
                var sending = progress.get();
                sending.nothing();
                return new Next(null, sending);
            }
        };
    }

    static Outgoing once(RequestHead head, RequestContent content, SendProgress progress) {
        return new Outgoing(head, head.path(), head.fields(), false, false, Optional.empty(), Optional.empty()) {
            @Override
            public Next next() {
                return new Next(content, progress);
            }
        };
    }

    /**
     * A request whose content was collected.
     *
     * @param fields the header fields that are sent, without a credential
     * @param body what is sent; it shares the arrays of the prepared body
     */
    static Outgoing collected(
            CollectedUpload.PreparedBody prepared, List<Field> fields, Chunks body, Supplier<SendProgress> progress) {
        var collected = prepared.body();
        boolean streams = prepared.outline().streams();
        return new Outgoing(
                prepared.head(), prepared.path(), fields, streams, true, prepared.model(), prepared.session()) {
            private boolean again;

            @Override
            public Next next() {
                var sending = progress.get();
                // An earlier try that was cancelled may still look at the arrays: they are not used for other bodies.
                var content =
                        again ? CollectedContent.again(body, sending) : new CollectedContent(body, collected, sending);
                again = true;
                sending.content(content);
                return new Next(content, sending);
            }
        };
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

    public abstract Next next();
}
