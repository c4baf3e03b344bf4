package dev.warder.cli;

import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A command, as parsed from the command line. It holds no values of settings, which may be secret. */
public sealed interface Command {
    /** A command that ends by itself, unlike {@link Serve}. */
    sealed interface OneShot extends Command {}

    /** Shows the usage and every setting. */
    record Help() implements OneShot {}

    /** Shows the version. */
    record ShowVersion() implements OneShot {}

    /** Creates an access token for a client. */
    record NewToken(String clientName) implements OneShot {}

    /**
     * Manages the managed credentials.
     *
     * @param name the name of the credential; empty for the only one
     */
    record Auth(Action action, Optional<String> name) implements OneShot {
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
     * @param factorOf the name of the managed credential whose factor counts; empty for the list price
     */
    record Price(String model, PriceOptions options, Optional<String> factorOf) implements OneShot {}

    /** Copies the embedded database of {@code data.dir} to that of {@code database.url}. */
    record CopyDatabase() implements Command {}

    /**
     * Sends requests for an administrator to a running gateway.
     *
     * @param noun the first word of the command
     * @param verb the second word; empty for {@code import}
     * @param words the words after both: the path and perhaps the file of a request
     * @param options the options of this command that were given, without the dashes
     * @param url the address of the gateway, with its context path
     * @param json whether documents are shown as they are
     */
    record Administer(String noun, String verb, List<String> words, Map<String, String> options, URI url, boolean json)
            implements OneShot {
        public static final String ADMIN = "admin";
        public static final String IMPORT = "import";
        static final String AUDIT = "audit";

        public Administer {
            words = List.copyOf(words);
            options = Map.copyOf(options);
        }

        public String name() {
            return verb.isEmpty() ? noun : noun + " " + verb;
        }
    }

    /**
     * Serves until the virtual machine ends.
     *
     * @param port the port; 0 means a free one
     * @param context the context path, {@code /} or {@code /name} without a slash at its end
     * @param demo whether requests go to the built-in demonstration upstream
     * @param warm whether the virtual machine is warmed up before the gateway starts
     */
    record Serve(String host, int port, String context, boolean demo, boolean warm) implements Command {}
}
