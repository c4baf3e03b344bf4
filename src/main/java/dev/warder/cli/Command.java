package dev.warder.cli;

import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A command, as parsed from the command line. */
public sealed interface Command {
    /** A command that ends by itself, unlike {@link Serve}. */
    sealed interface OneShot extends Command {}

    /** Shows the usage and every setting. */
    record Help() implements OneShot {}

    /** Shows the version. */
    record ShowVersion() implements OneShot {}

    /**
     * Creates an access token for a client.
     *
     * @param pepper the reference to {@code clients.pepper}, empty when unset
     */
    record NewToken(String clientName, String pepper) implements OneShot {
        /** Shows only the client's name: the pepper may be a secret value. */
        @Override
        public String toString() {
            return "NewToken[" + clientName + "]";
        }
    }

    /**
     * Manages the managed credentials.
     *
     * @param name the name of the credential; empty for the only one
     * @param settings the public names of settings with the values that the operator wrote; values may be secret
     */
    record Auth(Action action, Optional<String> name, Map<String, String> settings) implements OneShot {
        public Auth {
            settings = Map.copyOf(settings);
        }

        @Override
        public String toString() {
            return "Auth[" + action + "]";
        }

        /** The actions. */
        public enum Action {
            LOGIN,
            STATUS,
            VALIDATE,
            REFRESH,
            LOGOUT
        }
    }

    /**
     * Shows the prices of a model and, if there are counts, what they cost.
     *
     * @param credential the name of the managed credential whose factor counts; empty for the list price
     * @param settings the public names of settings with the values that the operator wrote; values may be secret
     */
    record Price(String model, PriceOptions options, Optional<String> credential, Map<String, String> settings)
            implements OneShot {
        public Price {
            settings = Map.copyOf(settings);
        }

        @Override
        public String toString() {
            return "Price[" + model + "]";
        }
    }

    /**
     * Copies the embedded database of {@code data.dir} to that of {@code database.url}.
     *
     * @param settings the public names of settings with the values that the operator wrote; values may be secret
     */
    record CopyDatabase(Map<String, String> settings) implements Command {
        public CopyDatabase {
            settings = Map.copyOf(settings);
        }

        @Override
        public String toString() {
            return "CopyDatabase";
        }
    }

    /**
     * Sends requests for an administrator to a running gateway.
     *
     * @param noun the first word of the command
     * @param verb the second word; empty for {@code import}
     * @param words the words after both: the path and perhaps the file of a request
     * @param options the options of this command that were given, without the dashes
     * @param url the address of the gateway, with its context path
     * @param json whether documents are shown as they are
     * @param settings the public names of settings with the values that the operator wrote; values may be secret
     */
    record Administer(
            String noun,
            String verb,
            List<String> words,
            Map<String, String> options,
            URI url,
            boolean json,
            Map<String, String> settings)
            implements OneShot {
        public static final String ADMIN = "admin";
        public static final String IMPORT = "import";
        static final String AUDIT = "audit";

        public Administer {
            words = List.copyOf(words);
            options = Map.copyOf(options);
            settings = Map.copyOf(settings);
        }

        public String name() {
            return verb.isEmpty() ? noun : noun + " " + verb;
        }

        /** Shows only the name of the command: the values may be secret. */
        @Override
        public String toString() {
            return "Administer[" + name() + "]";
        }
    }

    /**
     * Serves until the virtual machine ends.
     *
     * @param port the port; 0 means a free one
     * @param context the context path, {@code /} or {@code /name} without a slash at its end
     * @param demo whether requests go to the built-in demonstration upstream
     * @param warm whether the virtual machine is warmed up before the gateway starts
     * @param settings the public names of settings with the values that the operator wrote; values may be secret
     * @param notes remarks about these settings for the operator, by name
     */
    record Serve(
            String host,
            int port,
            String context,
            boolean demo,
            boolean warm,
            Map<String, String> settings,
            List<String> notes)
            implements Command {
        public Serve {
            settings = Map.copyOf(settings);
            notes = List.copyOf(notes);
        }

        @Override
        public String toString() {
            return "Serve[" + host + ":" + port + context + "]";
        }
    }
}
