package dev.warder.record;

import dev.warder.http.Field;
import java.util.List;

/** Follows one request for a tracer, from the thread that starts it to whichever ends it. Thread-safe; it never waits. */
public interface RequestTrace {
    RequestTrace NONE = credential -> TryTrace.NONE;

    /** A try begins, with this credential. Throws nothing. */
    TryTrace tryBegins(UsedCredential credential);

    /** Follows one try for a tracer. Thread-safe; it never waits. */
    interface TryTrace {
        TryTrace NONE = new TryTrace() {
            @Override
            public List<Field> fields(String path, List<Field> fields) {
                return fields;
            }

            @Override
            public void during(Runnable sending) {
                sending.run();
            }
        };

        /**
         * The fields that go up, in which those of the trace context name this try, so that the upstream's spans belong to it.
         *
         * @param path where the request is sent, which may have a query
         * @param fields the fields without a credential
         */
        List<Field> fields(String path, List<Field> fields);

        /** Runs {@code sending} once, on this thread, which belongs to this try meanwhile and not any more afterwards. */
        void during(Runnable sending);
    }
}
