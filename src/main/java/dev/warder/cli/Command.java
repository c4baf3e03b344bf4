package dev.warder.cli;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What the command line asks for. */
public sealed interface Command {
    /** A command that ends by itself, as opposed to {@link Serve}. */
    sealed interface OneShot extends Command {}

    /** Show the usage and every setting. */
    record Help() implements OneShot {}

    /** Show the version. */
    record ShowVersion() implements OneShot {}

    /**
     * Make an access token for a client.
     *
     * @param pepper the reference to {@code clients.pepper}, empty when unset
     */
    record NewToken(String clientName, String pepper) implements OneShot {
        /** Only for whom: the pepper may be a value. */
        @Override
        public String toString() {
            return "NewToken[" + clientName + "]";
        }
    }

    /**
     * Look after the managed credentials.
     *
     * @param name which one; empty where there is only one
     * @param settings public names with the values that the operator wrote; values may be secret
     */
    record Auth(Action action, Optional<String> name, Map<String, String> settings) implements OneShot {
        public Auth {
            settings = Map.copyOf(settings);
        }

        /** Only what is asked for: the values may be secret. */
        @Override
        public String toString() {
            return "Auth[" + action + "]";
        }

        /** What can be done with one. */
        enum Action {
            LOGIN,
            STATUS,
            VALIDATE,
            REFRESH,
            LOGOUT
        }
    }

    /**
     * Serve until the virtual machine is asked to end.
     *
     * @param port 0 takes a free one
     * @param context the context path, {@code /} or {@code /name} without a slash at its end
     * @param demo whether the built-in stand-in takes the place of the API
     * @param settings public names with the values that the operator wrote; values may be secret
     * @param notes what the operator should know of them, by name
     */
    record Serve(String host, int port, String context, boolean demo, Map<String, String> settings, List<String> notes)
            implements Command {
        public Serve {
            settings = Map.copyOf(settings);
            notes = List.copyOf(notes);
        }

        /** Only where it listens: the values may be secret. */
        @Override
        public String toString() {
            return "Serve[" + host + ":" + port + context + "]";
        }
    }
}
