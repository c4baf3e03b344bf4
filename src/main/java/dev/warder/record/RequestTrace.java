package dev.warder.record;

import dev.warder.http.Field;
import java.net.URI;
import java.util.List;

/** Follows one request for a tracer, from the thread that starts it to whichever ends it. Thread-safe; it never waits. */
public interface RequestTrace {
    RequestTrace NONE = upstream -> TryTrace.NONE;

    /** A try begins. Throws nothing. */
    TryTrace tryBegins(URI upstream);

    /** Follows one try for a tracer. Thread-safe; it never waits. */
    interface TryTrace {
        TryTrace NONE = new TryTrace() {
            @Override
            public List<Field> fields(List<Field> fields) {
                return fields;
            }

            @Override
            public void during(String target, Runnable sending) {
                sending.run();
            }
        };

        /**
         * The fields that go up, in which those of the trace context name this try, so that the upstream's spans belong to it.
         *
         * @param fields the fields without a credential
         */
        List<Field> fields(List<Field> fields);

        /**
         * Runs {@code sending} once, on this thread, which belongs to this try meanwhile and not any more afterwards.
         *
         * @param target the path as it is sent, which may have a query
         */
        void during(String target, Runnable sending);
    }
}
